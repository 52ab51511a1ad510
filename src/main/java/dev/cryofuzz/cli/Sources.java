package dev.cryofuzz.cli;

import dev.cryofuzz.report.Place;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lines of source that traces name. */
final class Sources {
  private final SourceFiles files;

  Sources(Path home) {
    this.files = new SourceFiles(home);
  }

  /**
   * Places such as "queue.c:57" to their lines, without the blanks around; those that are found.
   */
  SortedMap<String, String> lines(Scenario scenario, List<Trace> traces) {
    Map<String, List<String>> texts = new HashMap<>();
    SortedMap<String, String> lines = new TreeMap<>();
    traces.stream()
        .flatMap(trace -> trace.steps().stream())
        .map(Step::site)
        .distinct()
        .flatMap(site -> Place.parse(site).stream())
        .forEach(
            place -> {
              List<String> text =
                  texts.computeIfAbsent(place.file(), name -> text(files.locate(name, scenario)));
              if (place.line() <= text.size()) {
                lines.put(place.text(), text.get(place.line() - 1).strip());
              }
            });
    return lines;
  }

  private static List<String> text(Optional<Path> file) {
    try {
      return file.isEmpty()
          ? List.of()
          : new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      // What is said without it is true as well.
      return List.of();
    }
  }
}
