package dev.cryofuzz.explain;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The time that there is for what nobody controls, shared among the experiments to come. */
public final class Ration {
  private final LongSupplier nanoTime;
  private final long end;
  private long begun;
  private long part;

  /**
   * @param nanoTime tells the time
   */
  public Ration(Duration all, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.end = begun + all.toNanos();
    this.part = all.toNanos();
  }

  /** Begins the next of so many: what the ones before have left over, it shares. */
  void share(int experiments) {
    begun = nanoTime.getAsLong();
    part = Math.max(0, end - begun) / experiments;
  }

  boolean isOver() {
    return nanoTime.getAsLong() - begun >= part;
  }

  Duration part() {
    return Duration.ofNanos(part);
  }
}
