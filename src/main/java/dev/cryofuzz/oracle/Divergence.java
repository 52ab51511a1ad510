package dev.cryofuzz.oracle;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.Optional;

/** Two runs of one scenario must be equal step by step. */
public final class Divergence {
  private Divergence() {}

  /** A finding at the first step in which the runs differ. */
  public static Optional<Finding> between(Trace first, Trace second) {
    if (first.hash() == second.hash()) {
      return Optional.empty();
    }
    int step = firstDifference(first, second);
    String detail =
        "the same scenario gave the traces %s and %s, which differ from step %d on: %s, then %s"
            .formatted(
                first.hashText(), second.hashText(), step, text(first, step), text(second, step));
    return Optional.of(new Finding(new Title(Kind.DIVERGENCE, site(first, step)), detail));
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
