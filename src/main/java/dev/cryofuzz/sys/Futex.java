package dev.cryofuzz.sys;

import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;

/**
 * One word of shared memory that processes wait on. An instance belongs to the thread that waits;
 * waking is free for all.
 */
public final class Futex {
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int ETIMEDOUT = Errno.ETIMEDOUT.intValue();
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Pointer word;
  private final Pointer timeout = Libc.zeroed(16);

  public Futex(SharedMemory memory, int offset) {
    if ((offset & 3) != 0) {
      throw new IllegalArgumentException("futex not aligned: offset=" + offset);
    }
    this.word = memory.at(offset);
  }

  /**
   * Sleeps while the word has this value, at most so many nanoseconds. Returns false when the time
   * ran out; true says only that the word is worth another look.
   */
  public boolean await(int whileEqual, long nanos) {
    if (nanos <= 0) {
      return false;
    }
    timeout.putLong(0, nanos / NANOS_PER_SECOND);
    timeout.putLong(8, nanos % NANOS_PER_SECOND);
    long result = Libc.C.syscall(Libc.SYS_FUTEX, word, FUTEX_WAIT, whileEqual, timeout);
    return result == 0 || Libc.errno() != ETIMEDOUT;
  }

  /** Wakes at most so many waiters; returns how many there were. */
  public int wake(int waiters) {
    return (int) Libc.C.syscall(Libc.SYS_FUTEX, word, FUTEX_WAKE, waiters, null);
  }
}
