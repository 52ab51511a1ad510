package dev.cryofuzz.sys;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import jnr.constants.platform.Signal;
import jnr.posix.util.SunMiscSignal;

/**
 * Ctrl-C, heard by us in place of the virtual machine, which hears the first one only. Where SIGINT
 * was ignored from the beginning, as in a background job of a script, it stays so.
 */
public final class Interrupts {
  private Interrupts() {}

  /**
   * @param action in a thread of its own for each; its argument says the how manieth it is, from 1
   */
  public static void onEach(IntConsumer action) {
    AtomicInteger count = new AtomicInteger();
    SunMiscSignal.signal(Signal.SIGINT, signo -> action.accept(count.incrementAndGet()));
  }
}
