package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A campaign as SARIF 2.1.0: the kinds of findings are the rules; a finding is a result at the line
 * where the run failed, its events are related locations. Its fingerprint is made of what it is
 * called, not of where it is: a line that moves is no new finding.
 */
public final class Sarif {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private static final String ROOT = "SRCROOT";
  private static final String UNRESERVED = "-._~/";

  private final Results results;

  private Sarif(Results results) {
    this.results = results;
  }

  public static String of(Results results) {
    ObjectNode log = Json.object();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    new Sarif(results).run(log.putArray("runs").addObject());
    return Json.pretty(log);
  }

  private void run(ObjectNode run) {
    driver(run.putObject("tool").putObject("driver"));
    invocation(run.putArray("invocations").addObject());
    run.putObject("originalUriBaseIds")
        .putObject(ROOT)
        .set("description", message("The root of the sources."));
    run.put("columnKind", "utf16CodeUnits");
    ArrayNode list = run.putArray("results");
    results.findings().forEach(finding -> result(list.addObject(), finding));
  }

  private void driver(ObjectNode driver) {
    driver.put("name", "cryofuzz");
    driver.put("version", results.version());
    ArrayNode rules = driver.putArray("rules");
    Arrays.stream(Kind.values()).forEach(kind -> rule(rules.addObject(), kind));
  }

  private static void rule(ObjectNode rule, Kind kind) {
    rule.put("id", kind.text());
    rule.put("name", camelCase(kind.text()));
    rule.set("shortDescription", message(Rules.meaning(kind)));
    rule.set("fullDescription", message(Rules.meaning(kind)));
    String help = "Replay the scenario, then look at its timeline: ./cryofuzz show SCENARIO";
    rule.set("help", message(help));
    rule.putObject("defaultConfiguration").put("level", "error");
    rule.putObject("properties").putArray("tags").add("concurrency").add("reliability");
  }

  /** As in "StaleRead". */
  private static String camelCase(String dashed) {
    StringBuilder name = new StringBuilder();
    for (String word : dashed.split("-")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  /** What is our own fault, or could not run, is no finding; it is told here. */
  private void invocation(ObjectNode invocation) {
    boolean broken =
        results.jobs().stream().anyMatch(job -> job.ending() == JobResult.Ending.BROKEN);
    invocation.put("executionSuccessful", !broken);
    ArrayNode notes = invocation.putArray("toolExecutionNotifications");
    for (JobResult job : results.jobs()) {
      if (job.ending() == JobResult.Ending.BROKEN) {
        note(notes.addObject(), "error", job, job.reason());
      }
      job.skipped().ifPresent(reason -> note(notes.addObject(), "note", job, reason));
    }
  }

  private static void note(ObjectNode note, String level, JobResult job, String text) {
    note.put("level", level);
    note.set("message", message(job.target() + " " + job.variant() + ": " + text));
  }

  private void result(ObjectNode result, SavedFinding finding) {
    Kind kind = finding.title().kind();
    result.put("ruleId", kind.text());
    result.put("ruleIndex", kind.ordinal());
    result.put("level", "error");
    result.set("message", message(text(finding)));
    ObjectNode location = result.putArray("locations").addObject();
    physical(location, results.place(finding));
    location
        .putArray("logicalLocations")
        .addObject()
        .put("fullyQualifiedName", Printable.line(finding.title().site()));
    related(result.putArray("relatedLocations"), finding.scenario().events());
    result.putObject("partialFingerprints").put("cryofuzz/v1", Fingerprint.of(finding));
    properties(result.putObject("properties"), finding);
  }

  private static String text(SavedFinding finding) {
    return finding.finding()
        + " ("
        + finding.rates()
        + "). "
        + Sentences.of(finding.scenario())
        + ". To see it again: "
        + finding.replayCommand();
  }

  private void related(ArrayNode list, List<Event> events) {
    for (Event event : events) {
      event.at().site().flatMap(Place::parse).ifPresent(place -> event(list, event, place));
    }
  }

  private void event(ArrayNode list, Event event, Place place) {
    ObjectNode location = list.addObject();
    location.put("id", list.size());
    physical(location, results.located(place));
    location.set("message", message(Sentences.of(event)));
  }

  private static void physical(ObjectNode location, Place place) {
    ObjectNode physical = location.putObject("physicalLocation");
    ObjectNode artifact = physical.putObject("artifactLocation");
    artifact.put("uri", uri(place.file()));
    if (!place.file().startsWith("/")) {
      artifact.put("uriBaseId", ROOT);
    }
    physical.putObject("region").put("startLine", place.line());
  }

  private static void properties(ObjectNode properties, SavedFinding finding) {
    Scenario scenario = finding.scenario();
    properties.put("target", scenario.target());
    properties.put("variant", scenario.variant());
    properties.put("memory", scenario.memory().text());
    properties.put("failed", finding.confirmed().text());
    finding.control().ifPresent(control -> properties.put("control", control.text()));
    properties.put("trace", finding.hash());
    properties.put("events", scenario.events().size());
    properties.put("folder", finding.folder());
    properties.put("replay", finding.replayCommand());
  }

  /** In SARIF's texts brackets make links and braces take arguments. */
  private static ObjectNode message(String text) {
    String plain =
        Printable.line(text)
            .replace("\\", "\\\\")
            .replace("[", "\\[")
            .replace("]", "\\]")
            .replace("{", "{{")
            .replace("}", "}}");
    return Json.object().put("text", plain);
  }

  private static String uri(String file) {
    StringBuilder uri = new StringBuilder();
    for (byte each : file.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (each & 0xff);
      boolean plain = letter < 0x80 && Character.isLetterOrDigit(letter);
      if (plain || UNRESERVED.indexOf(letter) >= 0) {
        uri.append(letter);
      } else {
        uri.append(String.format("%%%02X", each));
      }
    }
    return uri.toString();
  }
}
