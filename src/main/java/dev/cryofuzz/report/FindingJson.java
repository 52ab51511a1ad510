package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.util.Optional;

/**
 * A finding for programs: the file finding.json, and a line of findings.jsonl. {@link
 * FindingSchema} says what is in them.
 */
public final class FindingJson {
  static final int FORMAT = 1;

  private FindingJson() {}

  static String of(FindingReport report) {
    return Json.pretty(node(SavedFinding.of(report, "")));
  }

  /** Beside what finding.json says, the scenario and where it all lies: a line needs no file. */
  public static String line(SavedFinding finding) {
    ObjectNode line = node(finding);
    line.put("folder", finding.folder());
    line.put("replay", finding.replayCommand());
    line.set("scenario", Json.read(ScenarioJson.write(finding.scenario())));
    return Json.line(line);
  }

  /**
   * Reads what lies in a finding's folder. Throws IllegalArgumentException with what is wrong.
   *
   * @param text finding.json
   * @param scenario scenario.json
   */
  public static SavedFinding read(String folder, String text, Scenario scenario) {
    JsonNode root = Json.read(text);
    Json.check(root, FORMAT);
    JsonNode confirmed = Json.need(root, "confirmed");
    return new SavedFinding(
        folder,
        new Finding(Title.parse(Json.text(root, "title")), Json.text(root, "detail")),
        Optional.ofNullable(root.get("at")).map(at -> at.asText("")).flatMap(Place::parse),
        scenario,
        Json.integer(Json.need(root, "events"), "original"),
        Optional.ofNullable(root.get("minimizing")).map(FindingJson::minimizing),
        rate(confirmed),
        Json.text(confirmed, "hash"),
        Json.need(confirmed, "one_hash").asBoolean(),
        Optional.ofNullable(root.get("control")).map(FindingJson::control),
        Optional.ofNullable(root.get("discovered")).map(FindingJson::discovery));
  }

  private static Minimizing minimizing(JsonNode node) {
    return new Minimizing(
        Json.integer(node, "runs"),
        Json.number(node, "milliseconds"),
        Json.need(node, "complete").asBoolean(),
        Json.integer(node, "tries"),
        Json.need(node, "missed").asDouble());
  }

  private static Rate rate(JsonNode node) {
    return new Rate(Json.integer(node, "failed"), Json.integer(node, "runs"));
  }

  private static Control control(JsonNode node) {
    return new Control(Json.text(node, "without"), rate(node));
  }

  private static Discovery discovery(JsonNode node) {
    return new Discovery(
        Json.number(node, "seed"),
        Json.number(node, "run"),
        Json.number(node, "milliseconds"),
        Json.need(node, "opening").asBoolean());
  }

  private static ObjectNode node(SavedFinding finding) {
    ObjectNode root = Json.object();
    root.put("cryofuzz", FORMAT);
    root.put("title", finding.title().text());
    root.put("kind", finding.title().kind().text());
    root.put("site", finding.title().site());
    root.put("detail", finding.finding().detail());
    finding.place().ifPresent(place -> root.put("at", place.text()));
    addScenario(root, finding.scenario());
    ObjectNode events = root.putObject("events");
    events.put("original", finding.originalEvents());
    events.put("minimized", finding.scenario().events().size());
    finding.minimizing().ifPresent(how -> addMinimizing(root, how));
    addConfirmed(root, finding);
    finding.discovered().ifPresent(found -> addDiscovered(root, found));
    return root;
  }

  private static void addScenario(ObjectNode root, Scenario scenario) {
    root.put("target", scenario.target());
    root.put("variant", scenario.variant());
    root.put("memory", scenario.memory().text());
    scenario.build().ifPresent(id -> root.put("build", id));
  }

  private static void addMinimizing(ObjectNode root, Minimizing how) {
    ObjectNode minimizing = root.putObject("minimizing");
    minimizing.put("runs", how.runs());
    minimizing.put("milliseconds", how.milliseconds());
    minimizing.put("complete", how.complete());
    minimizing.put("tries", how.tries());
    minimizing.put("missed", how.missed());
  }

  private static void addConfirmed(ObjectNode root, SavedFinding finding) {
    ObjectNode confirmed = root.putObject("confirmed");
    addRate(confirmed, finding.confirmed());
    confirmed.put("hash", finding.hash());
    confirmed.put("one_hash", finding.oneHash());
    finding
        .control()
        .ifPresent(
            other -> {
              ObjectNode control = root.putObject("control");
              control.put("without", other.without());
              addRate(control, other.rate());
            });
  }

  private static void addRate(ObjectNode node, Rate rate) {
    node.put("failed", rate.failed());
    node.put("runs", rate.runs());
  }

  private static void addDiscovered(ObjectNode root, Discovery found) {
    ObjectNode discovered = root.putObject("discovered");
    discovered.put("seed", found.seed());
    discovered.put("run", found.run());
    discovered.put("milliseconds", found.milliseconds());
    discovered.put("opening", found.opening());
  }
}
