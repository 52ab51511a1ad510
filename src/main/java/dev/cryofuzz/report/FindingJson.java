package dev.cryofuzz.report;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A finding for programs: the file finding.json. */
final class FindingJson {
  private static final int FORMAT = 1;

  /** Plain ASCII: texts of targets may have characters that hide or turn what follows. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final DefaultPrettyPrinter PRINTER = printer();

  private FindingJson() {}

  static String of(FindingReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("cryofuzz", FORMAT);
    root.put("title", report.title().text());
    root.put("kind", report.title().kind().text());
    root.put("site", report.title().site());
    root.put("detail", report.finding().detail());
    addScenario(root, report.scenario());
    addEvents(root, report);
    addConfirmed(root, report);
    report.discovered().ifPresent(found -> addDiscovered(root, found));
    return write(root);
  }

  private static void addScenario(ObjectNode root, Scenario scenario) {
    root.put("target", scenario.target());
    root.put("variant", scenario.variant());
    root.put("memory", scenario.memory().text());
    scenario.build().ifPresent(id -> root.put("build", id));
  }

  private static void addEvents(ObjectNode root, FindingReport report) {
    ObjectNode events = root.putObject("events");
    events.put("original", report.original().events().size());
    events.put("minimized", report.scenario().events().size());
  }

  private static void addConfirmed(ObjectNode root, FindingReport report) {
    ObjectNode confirmed = root.putObject("confirmed");
    confirmed.put("failed", report.confirmed().failed());
    confirmed.put("runs", report.confirmed().runs());
    confirmed.put("hash", report.trace().hashText());
    confirmed.put("one_hash", report.oneHash());
    report
        .control()
        .ifPresent(
            other -> {
              ObjectNode control = root.putObject("control");
              control.put("without", other.without());
              control.put("failed", other.rate().failed());
              control.put("runs", other.rate().runs());
            });
  }

  private static void addDiscovered(ObjectNode root, Discovery found) {
    ObjectNode discovered = root.putObject("discovered");
    discovered.put("seed", found.seed());
    discovered.put("run", found.run());
    discovered.put("milliseconds", found.milliseconds());
    discovered.put("opening", found.opening());
  }

  private static String write(ObjectNode root) {
    try {
      return MAPPER.writer(PRINTER).writeValueAsString(root) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Line ends are the same on every system, so the same finding has the same bytes. */
  private static DefaultPrettyPrinter printer() {
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }
}
