package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.Scenario;
import java.util.Locale;
import java.util.Optional;

/**
 * The runs around each scenario that libFuzzer thinks of. Their number is fixed, as is the seed of
 * each burst, so that the same campaign finds the same.
 */
record Bursts(Strategy strategy, long seed) {
  static final Bursts NONE = new Bursts(Strategy.NONE, 0);

  /** A few milliseconds, so that libFuzzer goes on. */
  static final int BUDGET = 500;

  /** Of the default run, once: a second or less. */
  private static final int SURVEY = 50_000;

  boolean wanted() {
    return strategy != Strategy.NONE;
  }

  Burst around(Scenario scenario, Executor executor, RunMode mode, long runs) {
    return executor.explore(scenario, mode, strategy, seed + runs, BUDGET);
  }

  /** Of a strategy that comes to an end: all that it can do to the default run. */
  Optional<Burst> survey(Scenario defaultRun, Executor executor, RunMode mode) {
    return strategy == Strategy.SYSTEMATIC || strategy == Strategy.SWEEP
        ? Optional.of(executor.explore(defaultRun, mode, strategy, seed, SURVEY))
        : Optional.empty();
  }

  /** What a survey that found nothing has covered, or "" if that can't be said. */
  String covered(Burst burst) {
    if (strategy == Strategy.SWEEP) {
      return burst.exhausted()
          ? said(burst.schedules(), "runs with a single stale load or held store")
          : "";
    }
    if (burst.exhausted()) {
      return said(burst.schedules(), "schedules");
    }
    int switches = burst.complete() - 1;
    return switches < 1
        ? ""
        : said(
            burst.schedules(),
            "schedules with at most " + switches + (switches == 1 ? " switch" : " switches"));
  }

  private static String said(int number, String what) {
    return String.format(Locale.ROOT, "all %,d %s, all pass", number, what);
  }
}
