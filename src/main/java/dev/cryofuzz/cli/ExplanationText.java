package dev.cryofuzz.cli;

import dev.cryofuzz.executor.SiteOrder;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Exploration;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Judged;
import dev.cryofuzz.explain.Stood;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.report.Table;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.target.DescribedFact;
import dev.cryofuzz.target.Load;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** An explanation as people read it. */
final class ExplanationText {
  private ExplanationText() {}

  /** Without what the target knows. */
  static String of(Explanation explanation) {
    return of(explanation, List.of());
  }

  static String of(Explanation explanation, List<DescribedFact> facts) {
    StringBuilder out = new StringBuilder();
    out.append(explanation.title().text()).append('\n');
    out.append(Sentences.of(explanation.scenario())).append('\n');
    for (Event event : explanation.scenario().events()) {
      out.append("  ").append(Sentences.of(event)).append('\n');
    }
    out.append('\n').append(table(explanation).text());
    explanation
        .strongest()
        .ifPresent(
            model ->
                out.append("\nthe strongest memory that fails: ")
                    .append(model.text())
                    .append('\n'));
    String tree =
        explanation.baseline().failed() == 0 ? "" : new FaultTree(explanation, facts).text();
    return out.append(tree.isEmpty() ? "" : "\n")
        .append(tree)
        .append(cures(explanation))
        .append(loads(explanation))
        .toString();
  }

  private static String loads(Explanation explanation) {
    StringBuilder out =
        new StringBuilder(explanation.stood().isEmpty() ? "" : "\nwith the first of these\n");
    for (Stood stood : explanation.stood()) {
      Load load = stood.load();
      out.append("  ").append(load.name()).append(verdict(stood)).append(": ");
      out.append(params(load.params())).append(", ").append(load.what()).append("\n    failed in ");
      out.append(seen(stood.seen()));
      stood
          .seen()
          .others()
          .forEach((title, times) -> out.append("; ").append(title).append(" in ").append(times));
      load.reaches()
          .ifPresent(
              fact ->
                  out.append("; ")
                      .append(fact)
                      .append(" in ")
                      .append(String.format(Locale.ROOT, "%,d", stood.reached(fact))));
      out.append('\n');
    }
    return out.toString();
  }

  private static String verdict(Stood stood) {
    return stood.stands()
        ? " passed"
        : stood.seen().trouble().map(why -> " is undecided, " + why).orElse(" FAILED");
  }

  private static String params(Map<String, Integer> params) {
    return params.entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  private static Table table(Explanation explanation) {
    Table table = new Table("", "intervention", "shows", "failed");
    table.row("", "none", "", seen(explanation.baseline()));
    for (Judged judged : explanation.judged()) {
      table.row(
          group(judged.intervention()),
          of(judged.intervention()),
          shows(judged),
          seen(judged.seen()) + judged.reason().map(why -> ": " + why).orElse(""));
    }
    return table;
  }

  /** That the default run passes is no cause. */
  static String shows(Judged judged) {
    return judged.intervention() instanceof Intervention.Control
        ? judged.isCause() ? "control" : "no control"
        : judged.judgement().name().toLowerCase(Locale.ROOT);
  }

  private static String group(Intervention intervention) {
    if (intervention instanceof Intervention.Control) {
      return "control";
    }
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
      return "not " + Sentences.of(it.event());
    }
    if (intervention instanceof Intervention.Default it) {
      return it.param() + "=" + it.value() + " instead of " + it.was();
    }
    return intervention instanceof Intervention.Ordered it ? of(it.orders()) : "the default run";
  }

  private static String of(List<SiteOrder> orders) {
    return orders.stream().map(ExplanationText::of).collect(Collectors.joining(" and "));
  }

  private static String of(SiteOrder order) {
    return switch (order.order()) {
          case ACQUIRE -> "acquire at ";
          case RELEASE -> "release at ";
          case FENCE -> "full fence before ";
          case UNBROKEN -> "nobody else before ";
        }
        + order.site();
  }

  private static String cures(Explanation explanation) {
    if (explanation.tried().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n");
    for (Judged cure : explanation.cures()) {
      int sites = ((Intervention.Ordered) cure.intervention()).orders().size();
      out.append("cured by ").append(of(cure.intervention()));
      out.append(
          sites == 1 ? "" : sites == 2 ? "; either alone still fails" : "; with one less it fails");
      out.append("\n  failed in ").append(seen(cure.seen())).append('\n');
    }
    if (explanation.cures().isEmpty()) {
      String change =
          ofSections(explanation) ? "keeping all others out before a site" : "an order at a site";
      out.append(
          explanation
              .cutShort()
              .map(why -> "whether it is cured by " + change + " is undecided, " + why + ": ")
              .orElse("it is not cured by " + change + ": "));
    }
    return out.append(Sentences.count(explanation.tried().size(), "set"))
        .append(" of sites tried\n")
        .toString();
  }

  private static boolean ofSections(Explanation explanation) {
    return explanation.tried().stream()
        .flatMap(each -> ((Intervention.Ordered) each.intervention()).orders().stream())
        .allMatch(order -> order.order() == SiteOrder.Order.UNBROKEN);
  }

  private static String seen(Exploration seen) {
    if (seen.exhausted()) {
      return String.format(
          Locale.ROOT,
          "%s of all %,d",
          seen.failed() == 0 ? "none" : "some",
          Math.max(1, seen.covered()));
    }
    String made = String.format(Locale.ROOT, "%,d of %,d", seen.failed(), seen.runs());
    return seen.failed() > 0 || seen.complete() == 0 ? made : made + ", " + all(seen);
  }

  private static String all(Exploration seen) {
    return String.format(
        Locale.ROOT,
        "all %,d with at most %s among them",
        seen.covered(),
        Sentences.count(seen.complete() - 1, "event"));
  }
}
