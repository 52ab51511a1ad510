package dev.cryofuzz.cli;

import java.time.Duration;

/** What a budget in time is in runs, as a usual machine makes them: so it is the same on each. */
final class ExplainBudget {
  private static final long POINTS_PER_SECOND = 1_000_000;

  /** An experiment may take such a part of it; most end soon, with a failure. */
  private static final long EXPERIMENTS = 10;

  private ExplainBudget() {}

  static long runs(Duration budget, int points) {
    long all = budget.toMillis() * POINTS_PER_SECOND / 1000;
    return Math.max(100, all / EXPERIMENTS / Math.max(10, points));
  }
}
