package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Makes all runs around a scenario, those with few events first. If half of the time or runs are
 * used up before the end of that, the other half goes to runs that are drawn: an outcome that needs
 * many events would else be far away.
 */
final class OutcomeSearch {
  /** At one request: some tenths of a second, and some seconds where actors are processes. */
  private static final int PIECE = 20_000;

  private final Executor executor;
  private final Scenario scenario;
  private final long seed;
  private final Duration time;
  private final long runs;
  private final Console console;
  private final BooleanSupplier stopped;
  private final long begin = System.nanoTime();

  OutcomeSearch(
      Executor executor,
      Scenario scenario,
      long seed,
      Duration time,
      long runs,
      Surroundings around) {
    this.executor = executor;
    this.scenario = scenario;
    this.seed = seed;
    this.time = time;
    this.runs = runs;
    this.console = around.console();
    this.stopped = around.stop()::isAsked;
  }

  Outcomes run() {
    Outcomes last = piece(Strategy.NONE, (int) Math.min(PIECE, share(0.5, 0)), false);
    while (wantsMore(last) && !last.exhausted() && part(last) < 0.5 && last.made() > 0) {
      last = piece(Strategy.NONE, (int) Math.min(PIECE, share(0.5, last.runs())), true);
    }
    while (wantsMore(last) && !last.exhausted() && part(last) < 1) {
      last = piece(Strategy.RANDOM, (int) Math.min(PIECE, share(1, last.runs())), true);
    }
    console.eraseStatus();
    return last;
  }

  private Outcomes piece(Strategy strategy, int budget, boolean on) {
    Outcomes outcomes = executor.collect(scenario, strategy, seed, budget, on);
    if (console.isTerminal()) {
      console.status(
          String.format(
              Locale.ROOT, "%,d runs  %d outcomes", outcomes.runs(), outcomes.seen().size()));
    }
    return outcomes;
  }

  private boolean wantsMore(Outcomes last) {
    return !stopped.getAsBoolean()
        && (last.verdict() instanceof Verdict.Pass || last.verdict() instanceof Verdict.Found);
  }

  /** How much of the time or of the runs is used up, whichever is more. */
  private double part(Outcomes last) {
    double ofTime = (System.nanoTime() - begin) / (double) time.toNanos();
    return runs == 0 ? ofTime : Math.max(ofTime, last.runs() / (double) runs);
  }

  private long share(double until, long made) {
    return runs == 0 ? PIECE : Math.max(1, (long) (runs * until) - made);
  }
}
