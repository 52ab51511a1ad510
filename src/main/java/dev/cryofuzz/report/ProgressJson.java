package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a campaign went: the file progress.jsonl, to which a line is added now and then. */
public final class ProgressJson {
  private ProgressJson() {}

  public static String line(Sample sample) {
    ObjectNode node = Json.object();
    node.put("milliseconds", sample.milliseconds());
    node.put("job", sample.job());
    node.put("runs", sample.runs());
    node.put("features", sample.features());
    node.put("corpus", sample.corpus());
    node.put("findings", sample.findings());
    ObjectNode strategies = node.putObject("strategies");
    sample.strategies().forEach(strategies::put);
    return Json.line(node);
  }

  /** What is whole: a campaign that was killed may have left half a line. */
  public static List<Sample> read(String text) {
    List<Sample> samples = new ArrayList<>();
    text.lines().forEach(line -> sample(line).ifPresent(samples::add));
    return samples;
  }

  private static Optional<Sample> sample(String line) {
    try {
      JsonNode node = Json.read(line);
      SortedMap<String, Long> strategies = new TreeMap<>();
      Json.need(node, "strategies")
          .properties()
          .forEach(entry -> strategies.put(entry.getKey(), entry.getValue().asLong()));
      return Optional.of(
          new Sample(
              Json.number(node, "milliseconds"),
              Json.text(node, "job"),
              Json.number(node, "runs"),
              Json.integer(node, "features"),
              Json.integer(node, "corpus"),
              Json.integer(node, "findings"),
              strategies));
    } catch (IllegalArgumentException torn) {
      return Optional.empty();
    }
  }
}
