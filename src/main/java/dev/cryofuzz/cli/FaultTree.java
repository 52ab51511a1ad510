package dev.cryofuzz.cli;

import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.target.DescribedFact;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A target's fault tree, each leaf decided by what the target said of the runs that failed: it
 * holds if it was so in any of them.
 */
final class FaultTree {
  private final Explanation explanation;
  private final List<DescribedFact> facts;

  FaultTree(Explanation explanation, List<DescribedFact> facts) {
    this.explanation = explanation;
    this.facts = facts.stream().filter(fact -> !fact.harmless()).toList();
  }

  /** Empty if there is none. */
  String text() {
    StringBuilder out = new StringBuilder();
    append(out, Optional.empty(), "");
    return out.toString();
  }

  private void append(StringBuilder out, Optional<String> branch, String indent) {
    for (DescribedFact fact : under(branch)) {
      out.append(indent).append(fact.id()).append(' ').append(fact.what()).append(": ");
      out.append(holds(fact) ? "yes" : "no").append(how(fact)).append('\n');
      append(out, Optional.of(fact.id()), indent + "  ");
    }
  }

  private List<DescribedFact> under(Optional<String> branch) {
    return facts.stream().filter(fact -> fact.under().equals(branch)).toList();
  }

  private boolean holds(DescribedFact fact) {
    List<DescribedFact> leaves = under(Optional.of(fact.id()));
    return leaves.isEmpty() ? times(fact) > 0 : leaves.stream().anyMatch(this::holds);
  }

  private long times(DescribedFact fact) {
    return explanation.baseline().facts().failed().getOrDefault(fact.id(), 0L);
  }

  private String how(DescribedFact fact) {
    return under(Optional.of(fact.id())).isEmpty()
        ? String.format(
            Locale.ROOT,
            ", in %,d of %,d runs that failed so",
            times(fact),
            explanation.baseline().failed())
        : "";
  }
}
