package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Scheduling;

/**
 * Runs scenarios of one target. Belongs to one thread. Whatever happens in a run, its target's
 * death and its own included, is told by the verdict; exceptions are for the caller's mistakes.
 */
public interface Executor extends AutoCloseable {
  Run run(Scenario scenario, RunMode mode);

  /** The same run, with all its steps. */
  TracedRun runTraced(Scenario scenario, RunMode mode);

  /**
   * Runs around the scenario within the budget, chosen by the strategy from the seed; none if this
   * executor can't.
   */
  default Burst explore(
      Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
    return Burst.none(scenario, new Verdict.Pass());
  }

  /**
   * Up to {@code budget} runs around the scenario, and how each of them has ended: all runs there
   * are, by the number of events that are added, or with a strategy those that it chooses.
   *
   * @param on goes on with the same scenario where it was, with all that is known so far
   */
  default Outcomes collect(
      Scenario scenario,
      Circumstances circumstances,
      Strategy strategy,
      long seed,
      int budget,
      boolean on) {
    return Outcomes.none(new Verdict.Unsupported("it can't count outcomes"));
  }

  /** The same under usual circumstances. */
  default Outcomes collect(
      Scenario scenario, Strategy strategy, long seed, int budget, boolean on) {
    return collect(scenario, Circumstances.USUAL, strategy, seed, budget, on);
  }

  /**
   * So many runs that nobody controls, on all processors: what does this machine itself show?
   * Events are ignored.
   *
   * @param mode of which only the table of scheduling counts
   * @param on goes on with the same scenario, with all that is known so far
   */
  default Outcomes runNatively(Scenario scenario, RunMode mode, long seed, int runs, boolean on) {
    return Outcomes.none(new Verdict.Unsupported("it controls each run"));
  }

  /** Of the last of these runs that kept one: those between two forks of the actors. */
  default Scheduling scheduling(Scenario scenario) {
    throw new IllegalStateException("no table of scheduling was kept");
  }

  /** What the target has recorded as the outcome of the last run; empty if nothing. */
  default String outcome() {
    return "";
  }

  TargetDescription target();

  /**
   * The counters that runs with feedback have incremented since this was last called; none if this
   * executor has no feedback.
   */
  default byte[] takeFeedback() {
    return new byte[0];
  }

  @Override
  void close();
}
