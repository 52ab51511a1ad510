package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.ScenarioSchema;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The JSON Schemas (draft 2020-12) of finding.json, of the lines of findings.jsonl, of
 * campaign.json.
 */
public final class FindingSchema {
  private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  private FindingSchema() {}

  public static String finding() {
    return Json.pretty(document("cryofuzz finding", findingProperties()));
  }

  public static String line() {
    ObjectNode properties = findingProperties();
    properties.set("folder", text());
    properties.set("replay", text());
    ObjectNode scenario = (ObjectNode) Json.read(ScenarioSchema.text());
    scenario.remove("$schema");
    properties.set("scenario", scenario);
    return Json.pretty(document("cryofuzz finding, a line of findings.jsonl", properties));
  }

  public static String campaign() {
    ObjectNode job = Json.object();
    Stream.of("target", "variant", "memory").forEach(name -> job.set(name, text()));
    job.set("ending", oneOf(Arrays.stream(JobResult.Ending.values()).map(JobResult.Ending::text)));
    job.set("reason", text());
    Stream.of("runs", "corpus", "features", "milliseconds")
        .forEach(name -> job.set(name, count(0)));
    ObjectNode properties = Json.object();
    properties.set("cryofuzz", Json.object().put("const", CampaignJson.FORMAT));
    properties.set("version", text());
    properties.set("seed", integer());
    properties.set("milliseconds", count(0));
    ObjectNode jobs = Json.object().put("type", "array");
    jobs.set("items", object(job, "reason"));
    properties.set("jobs", jobs);
    ObjectNode found = Json.object().put("type", "array");
    found.set("items", text());
    properties.set("findings", found);
    return Json.pretty(document("cryofuzz campaign", properties, "seed", "findings"));
  }

  private static ObjectNode findingProperties() {
    ObjectNode properties = Json.object();
    properties.set("cryofuzz", Json.object().put("const", FindingJson.FORMAT));
    properties.set("title", text());
    properties.set("kind", oneOf(Arrays.stream(Kind.values()).map(Kind::text)));
    Stream.of("site", "detail").forEach(name -> properties.set(name, text()));
    properties.set("at", text().put("pattern", ":[1-9][0-9]*$"));
    Stream.of("target", "variant").forEach(name -> properties.set(name, text()));
    properties.set("memory", oneOf(Arrays.stream(MemoryModel.values()).map(MemoryModel::text)));
    properties.set("build", text());
    ObjectNode events = Json.object();
    events.set("original", count(0));
    events.set("minimized", count(0));
    properties.set("events", object(events));
    properties.set("minimizing", object(minimizing()));
    properties.set("confirmed", object(confirmed()));
    properties.set("control", object(rate().set("without", text())));
    properties.set("discovered", object(discovered()));
    return properties;
  }

  private static ObjectNode minimizing() {
    ObjectNode minimizing = Json.object();
    minimizing.set("runs", count(0));
    minimizing.set("milliseconds", count(0));
    minimizing.set("complete", flag());
    minimizing.set("tries", count(1));
    ObjectNode missed = Json.object().put("type", "number").put("minimum", 0).put("maximum", 1);
    minimizing.set("missed", missed);
    return minimizing;
  }

  private static ObjectNode confirmed() {
    ObjectNode confirmed = rate();
    confirmed.set("hash", text().put("pattern", "^[0-9a-f]{16}$"));
    confirmed.set("one_hash", flag());
    return confirmed;
  }

  private static ObjectNode rate() {
    ObjectNode rate = Json.object();
    rate.set("failed", count(0));
    rate.set("runs", count(1));
    return rate;
  }

  private static ObjectNode discovered() {
    ObjectNode discovered = Json.object();
    discovered.set("seed", integer());
    discovered.set("run", count(0));
    discovered.set("milliseconds", count(0));
    discovered.set("opening", flag());
    return discovered;
  }

  private static ObjectNode document(String title, ObjectNode properties, String... more) {
    ObjectNode document = Json.object().put("$schema", DRAFT).put("title", title);
    String[] optional =
        Stream.concat(
                Stream.of("at", "build", "minimizing", "control", "discovered"),
                Arrays.stream(more))
            .toArray(String[]::new);
    return document.setAll(object(properties, optional));
  }

  /** All members are required but for these; there are no others. */
  private static ObjectNode object(ObjectNode properties, String... optional) {
    ObjectNode object = Json.object().put("type", "object");
    object.set("properties", properties);
    properties
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!Arrays.asList(optional).contains(name)) {
                object.withArray("required").add(name);
              }
            });
    return object.put("additionalProperties", false);
  }

  private static ObjectNode text() {
    return Json.object().put("type", "string");
  }

  private static ObjectNode flag() {
    return Json.object().put("type", "boolean");
  }

  private static ObjectNode integer() {
    return Json.object().put("type", "integer");
  }

  private static ObjectNode count(long from) {
    return integer().put("minimum", from);
  }

  private static ObjectNode oneOf(Stream<String> texts) {
    ObjectNode node = Json.object();
    texts.forEach(node.putArray("enum")::add);
    return node;
  }
}
