package dev.cryofuzz.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Exploration;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Judged;
import dev.cryofuzz.explain.Stood;
import dev.cryofuzz.report.SideBySide;
import java.util.Locale;

/** An explanation as programs read it. */
final class ExplanationJson {
  private ExplanationJson() {}

  static String of(Explained explained) {
    Explanation explanation = explained.explanation();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("title", explanation.title().text());
    root.put("target", explanation.scenario().target());
    root.put("variant", explanation.scenario().variant());
    root.put("memory", explanation.scenario().memory().text());
    root.put("events", explanation.scenario().events().size());
    root.put("points", explained.run().points());
    root.put("switches", explained.run().switches());
    explanation.strongest().ifPresent(model -> root.put("strongestMemory", model.text()));
    put(root.putObject("baseline"), explanation.baseline());
    ArrayNode interventions = root.putArray("interventions");
    explanation.judged().forEach(judged -> interventions.add(judged(judged)));
    ArrayNode cures = root.putArray("cures");
    explanation.cures().forEach(cure -> cures.add(cure(cure)));
    root.put("setsOfSitesTried", explanation.tried().size());
    ObjectNode facts = root.putObject("factsOfFailedRuns");
    explanation.baseline().facts().failed().forEach(facts::put);
    ArrayNode loads = root.putArray("loads");
    explanation.stood().forEach(stood -> loads.add(load(stood)));
    ArrayNode needs = root.putArray("needs");
    explained.needs().forEach(needs::add);
    explained.beside().ifPresent(beside -> put(root.putObject("stages"), beside));
    return root.toPrettyString();
  }

  private static void put(ObjectNode node, Beside beside) {
    node.put("without", beside.without());
    ArrayNode rows = node.putArray("rows");
    for (SideBySide.Row row : beside.rows()) {
      rows.addObject()
          .put("stage", row.stage())
          .put("here", row.here())
          .put("beside", row.beside())
          .put("differs", row.differs());
    }
  }

  private static ObjectNode judged(Judged judged) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("intervention", ExplanationText.of(judged.intervention()));
    node.put("shows", ExplanationText.shows(judged));
    judged.reason().ifPresent(why -> node.put("reason", why));
    put(node, judged.seen());
    return node;
  }

  private static ObjectNode cure(Judged cure) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("intervention", ExplanationText.of(cure.intervention()));
    ArrayNode sites = node.putArray("sites");
    ((Intervention.Ordered) cure.intervention())
        .orders()
        .forEach(
            order ->
                sites
                    .addObject()
                    .put("site", order.site())
                    .put("order", order.order().name().toLowerCase(Locale.ROOT)));
    put(node, cure.seen());
    return node;
  }

  private static ObjectNode load(Stood stood) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("load", stood.load().name());
    node.put("stands", stood.stands());
    ObjectNode params = node.putObject("params");
    stood.load().params().forEach(params::put);
    put(node, stood.seen());
    return node;
  }

  private static void put(ObjectNode node, Exploration seen) {
    node.put("runs", seen.runs());
    node.put("failed", seen.failed());
    node.put("exhausted", seen.exhausted());
    node.put("completeUpToEvents", seen.complete() - 1);
    node.put("completeRuns", seen.covered());
    ObjectNode others = node.putObject("failedOtherwise");
    seen.others().forEach(others::put);
  }
}
