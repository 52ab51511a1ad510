package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.Locale;
import java.util.Optional;

/**
 * The runs around scenarios that libFuzzer thinks of, as far as they have deserved it: few as long
 * as they reach something new, twice as many each time that they don't. Long runs are fewer, and
 * get less time, short ones more: a run costs its points squared, and each scenario gets what so
 * many default runs cost; and half of the bursts are around smaller ones. Most bugs show with few
 * messages. How many, and the seed of each burst, follow from what the runs before have reached and
 * from nothing else, so that the same campaign finds the same.
 */
final class Bursts {
  /** A few milliseconds, so that libFuzzer goes on. */
  static final int FEWEST = 500;

  /** Of a target with a hundred points, where they take a few hundredths of a second. */
  private static final int MOST = 10_000;

  /** So many times as many around the default run, once. */
  private static final int SURVEY = 5;

  private static final long POINTS = 100L * MOST;

  private final Strategy strategy;
  private final long seed;
  private final long limit;
  private final int usual;
  private final int most;
  private final Shape shape;
  private final Balance balance;
  private int size = FEWEST;
  private int bursts;

  /**
   * @param limit of all runs together, 0 = none
   * @param points of the default run
   */
  Bursts(Strategy strategy, long seed, long limit, int points, Shape shape) {
    this.strategy = strategy;
    this.seed = seed;
    this.limit = limit;
    this.shape = shape;
    // No strategy changes messages.
    this.balance = new Balance(!shape.channels().isEmpty());
    this.usual = Math.max(1, points);
    this.most = (int) Math.max(FEWEST, Math.min(MOST, POINTS / usual));
  }

  /** Each scenario is one run. */
  static Bursts none(long limit, Shape shape) {
    return new Bursts(Strategy.NONE, 0, limit, 1, shape);
  }

  boolean wanted() {
    return strategy != Strategy.NONE;
  }

  /** libFuzzer's own limit is one of scenarios. */
  boolean isOver(long runs) {
    return limit > 0 && runs >= limit;
  }

  /** The scenario by itself. */
  Burst at(Scenario scenario, Executor executor, RunMode mode) {
    Burst burst = explore(scenario, executor, mode, 0, Burst.Budget.of(1));
    balance.ran(burst.isNews());
    return burst;
  }

  /** The scenario, and what is around it or a smaller one if it is the turn of that. */
  Burst around(Scenario scenario, Executor executor, RunMode mode, long runs) {
    if (!balance.wantsBurst()) {
      return at(scenario, executor, mode);
    }
    Burst.Budget budget = new Burst.Budget(Integer.MAX_VALUE, (long) size * usual * usual);
    Burst burst = explore(sized(scenario), executor, mode, runs, budget);
    balance.burst((int) (burst.points() / usual), burst.news());
    size = burst.isNews() ? FEWEST : Math.min(most, 2 * size);
    return burst;
  }

  /** Every other one as it is. */
  private Scenario sized(Scenario scenario) {
    return switch (bursts++ % 4) {
      case 1 -> Smaller.half(scenario, shape);
      case 3 -> Smaller.least(scenario, shape);
      default -> scenario;
    };
  }

  private Burst explore(
      Scenario scenario, Executor executor, RunMode mode, long runs, Burst.Budget wanted) {
    long left = limit > 0 ? Math.min(wanted.runs(), limit - runs) : wanted.runs();
    Burst.Budget budget = new Burst.Budget((int) left, wanted.squares());
    return executor.explore(scenario, mode, strategy, seed + runs, budget);
  }

  /** Of a strategy that comes to an end: all that it can do to the default run. */
  Optional<Burst> survey(Scenario defaultRun, Executor executor, RunMode mode, long runs) {
    return switch (strategy) {
      case SYSTEMATIC, SWEEP, PORTFOLIO ->
          Optional.of(explore(defaultRun, executor, mode, runs, Burst.Budget.of(SURVEY * most)));
      case NONE, RANDOM, PCT, POS, SURW -> Optional.empty();
    };
  }

  /** What a survey that found nothing has covered, or "" if that can't be said. */
  String covered(Burst burst) {
    if (strategy == Strategy.SWEEP) {
      return burst.exhausted()
          ? said(burst.schedules(), "runs with a single stale load, held store or spurious failure")
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
