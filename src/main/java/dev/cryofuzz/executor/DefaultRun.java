package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.oracle.Divergence;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;

/** Looks, before anything else is tried, whether a target can be tested at all. */
public final class DefaultRun {
  private DefaultRun() {}

  /**
   * Runs the scenario in fresh processes and then in the same ones once more: the two must be equal
   * step by step. A pass if they are and passed.
   */
  public static Verdict check(Executor executor, Scenario scenario) {
    TracedRun fresh = executor.runTraced(scenario, RunMode.FRESH);
    if (fresh.run().broken()) {
      return fresh.run().verdict();
    }
    if (fresh.run().passed() && fresh.trace().steps().stream().noneMatch(DefaultRun::isPoint)) {
      return new Verdict.Broken("target reached no point");
    }
    TracedRun kept = executor.runTraced(scenario, RunMode.KEPT);
    if (kept.run().broken()) {
      return kept.run().verdict();
    }
    return Divergence.between(fresh.trace(), kept.trace())
        .<Verdict>map(Verdict.Found::new)
        .orElse(kept.run().verdict());
  }

  /** The end of an actor is one too, but nothing can be done to it. */
  private static boolean isPoint(Step step) {
    return step.op() != Op.END && step.op() != Op.SWITCH;
  }
}
