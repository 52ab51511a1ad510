package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;

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
    return same(fresh, kept) ? kept.run().verdict() : divergence(fresh, kept);
  }

  /** The end of an actor is one too, but nothing can be done to it. */
  private static boolean isPoint(Step step) {
    return step.op() != Op.END && step.op() != Op.SWITCH;
  }

  private static boolean same(TracedRun fresh, TracedRun kept) {
    return kept.run().broken() || fresh.run().hash() == kept.run().hash();
  }

  private static Verdict divergence(TracedRun fresh, TracedRun kept) {
    int step = firstDifference(fresh.trace(), kept.trace());
    String site = site(fresh.trace(), step);
    String detail =
        "the same scenario gave the traces %s and %s, which differ from step %d on: %s, then %s"
            .formatted(
                fresh.trace().hashText(),
                kept.trace().hashText(),
                step,
                text(fresh.trace(), step),
                text(kept.trace(), step));
    return new Verdict.Found(new Finding(new Title(Kind.DIVERGENCE, site), detail));
  }

  private static int firstDifference(Trace a, Trace b) {
    int i = 0;
    while (has(a, i) && has(b, i) && a.steps().get(i).equals(b.steps().get(i))) {
      i++;
    }
    return i;
  }

  private static boolean has(Trace trace, int step) {
    return step < trace.steps().size();
  }

  private static String site(Trace trace, int step) {
    String site = has(trace, step) ? trace.steps().get(step).site() : "";
    return site.isEmpty() ? "the default run" : site;
  }

  private static String text(Trace trace, int step) {
    if (!has(trace, step)) {
      return "nothing";
    }
    Step at = trace.steps().get(step);
    return "%s#%d %s %x=%x"
        .formatted(trace.actor(at), at.point(), at.op().text(), at.address(), at.value());
  }
}
