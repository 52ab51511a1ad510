package dev.cryofuzz.sys;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which processors there are for us, and on which of them a thread runs. */
public final class Cpu {
  /** 8,192 processors, the most that Linux can be built for. */
  private static final int MASK_BYTES = 1024;

  private Cpu() {}

  /** The processors that the calling thread may use, ascending. */
  public static List<Integer> usable() {
    List<Integer> cpus = new ArrayList<>();
    BitSet.valueOf(mask()).stream().forEach(cpus::add);
    return List.copyOf(cpus);
  }

  /** Binds the calling thread, and no other, to one processor until the pin is closed by it. */
  public static Pin pin(int cpu) {
    byte[] before = mask();
    byte[] only = new byte[MASK_BYTES];
    only[cpu / 8] = (byte) (1 << (cpu % 8));
    set(only);
    return () -> set(before);
  }

  private static byte[] mask() {
    byte[] mask = new byte[MASK_BYTES];
    SystemCallException.check("sched_getaffinity", Libc.C.sched_getaffinity(0, MASK_BYTES, mask));
    return mask;
  }

  private static void set(byte[] mask) {
    SystemCallException.check("sched_setaffinity", Libc.C.sched_setaffinity(0, MASK_BYTES, mask));
  }

  /** Undoes a pin; to be called by the thread that was pinned. */
  public interface Pin extends AutoCloseable {
    @Override
    void close();
  }
}
