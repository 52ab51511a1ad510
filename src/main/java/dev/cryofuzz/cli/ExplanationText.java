package dev.cryofuzz.cli;

import dev.cryofuzz.executor.SiteOrder;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Exploration;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Judged;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.report.Table;
import java.util.Locale;
import java.util.stream.Collectors;

/** An explanation as people read it. */
final class ExplanationText {
  private ExplanationText() {}

  static String of(Explanation explanation) {
    StringBuilder out = new StringBuilder();
    out.append(explanation.title().text()).append('\n');
    out.append(Sentences.of(explanation.scenario())).append("\n\n");
    out.append("without intervention ").append(seen(explanation.baseline())).append('\n');
    explanation
        .strongest()
        .ifPresent(
            model ->
                out.append("the strongest memory that fails is ")
                    .append(model.text())
                    .append('\n'));
    Table table = new Table("", "intervention", "shows", "by");
    for (Judged judged : explanation.judged()) {
      table.row(
          group(judged.intervention()),
          of(judged.intervention()),
          judged.judgement().name().toLowerCase(Locale.ROOT),
          judged.reason().map(why -> why + "; ").orElse("") + seen(judged.seen()));
    }
    return out.append('\n').append(table.text()).append(cures(explanation)).toString();
  }

  private static String cures(Explanation explanation) {
    if (explanation.tried().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (Judged cure : explanation.cures()) {
      out.append("\ncured by ").append(of(cure.intervention()));
      int sites = ((Intervention.Ordered) cure.intervention()).orders().size();
      out.append(
          sites == 1 ? "" : sites == 2 ? "; either alone still fails" : "; with one less it fails");
      out.append("\n         ").append(seen(cure.seen()));
    }
    int others = explanation.tried().size() - explanation.cures().size();
    return out.append("\n")
        .append(Sentences.count(others, "other order"))
        .append(" at sites tried\n")
        .toString();
  }

  private static String group(Intervention intervention) {
    if (intervention instanceof Intervention.Stronger) {
      return "memory";
    }
    if (intervention instanceof Intervention.Default) {
      return "params";
    }
    return intervention instanceof Intervention.Ordered ? "order" : "events";
  }

  static String of(Intervention intervention) {
    if (intervention instanceof Intervention.Stronger it) {
      return it.model().text();
    }
    if (intervention instanceof Intervention.Without it) {
      return "no " + it.what();
    }
    if (intervention instanceof Intervention.WithoutEvent it) {
      return "without " + Sentences.of(it.event());
    }
    if (intervention instanceof Intervention.Default it) {
      return it.param() + "=" + it.value() + " instead of " + it.was();
    }
    return ((Intervention.Ordered) intervention)
        .orders().stream().map(ExplanationText::of).collect(Collectors.joining(" and "));
  }

  private static String of(SiteOrder order) {
    return switch (order.order()) {
          case ACQUIRE -> "acquire at ";
          case RELEASE -> "release at ";
          case FENCE -> "fence before ";
          case UNBROKEN -> "nobody else before ";
        }
        + order.site();
  }

  private static String seen(Exploration seen) {
    if (seen.failed() > 0) {
      return String.format(Locale.ROOT, "fails in %,d of %,d runs", seen.failed(), seen.runs());
    }
    if (seen.exhausted()) {
      return String.format(Locale.ROOT, "in none of all %,d runs that there are", seen.covered());
    }
    String complete =
        seen.complete() > 0
            ? String.format(
                Locale.ROOT,
                ", all %,d with at most %s among them",
                seen.covered(),
                Sentences.count(seen.complete() - 1, "event"))
            : "";
    return String.format(Locale.ROOT, "in none of %,d runs%s", seen.runs(), complete);
  }
}
