package dev.cryofuzz.cli;

import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import java.time.Duration;

/** What a budget in time is in runs, as a usual machine makes them: so it is the same on each. */
final class ExplainBudget {
  /** An experiment may take such a part of it; most end soon, with a failure. */
  private static final long EXPERIMENTS = 10;

  /** With fewer nothing is ever decided. */
  private static final long FEWEST = 20;

  private static final long MICROSECONDS_OF_A_CHECKPOINT = 150_000;
  private static final long MICROSECONDS_OF_A_FREEZE = 500;

  /** With children that are made, wait and end. */
  private static final long MICROSECONDS_WITHOUT_FIBERS = 1_000;

  private ExplainBudget() {}

  /**
   * Of one experiment.
   *
   * @param points of a run, each of which takes a microsecond
   * @param fibers whether they can play it
   */
  static long runs(Duration budget, int points, Scenario scenario, boolean fibers) {
    long each =
        Math.max(10, points) + frozen(scenario) + (fibers ? 0 : MICROSECONDS_WITHOUT_FIBERS);
    return Math.max(FEWEST, budget.toMillis() * 1000 / EXPERIMENTS / each);
  }

  private static long frozen(Scenario scenario) {
    if (scenario.events().stream().anyMatch(e -> e.action().type() == ActionType.CHECKPOINT)) {
      return MICROSECONDS_OF_A_CHECKPOINT;
    }
    boolean freezes =
        scenario.events().stream().anyMatch(e -> e.action().family() == Family.FREEZE);
    return freezes ? MICROSECONDS_OF_A_FREEZE : 0;
  }
}
