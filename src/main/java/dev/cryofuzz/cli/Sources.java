package dev.cryofuzz.cli;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the lines of source that traces name. They know the files' names only; so one of which
 * there are several, none of them the target's own, is not shown: another file's line would be
 * worse than none.
 */
final class Sources {
  private static final int DEEPEST = 6;

  private final Path home;

  Sources(Path home) {
    this.home = home;
  }

  /**
   * Places such as "queue.c:57" to their lines, without the blanks around; those that are found.
   */
  SortedMap<String, String> lines(Scenario scenario, List<Trace> traces) {
    Map<String, List<Path>> known = files(scenario);
    Map<String, List<String>> read = new HashMap<>();
    SortedMap<String, String> lines = new TreeMap<>();
    traces.stream()
        .flatMap(trace -> trace.steps().stream())
        .map(Step::site)
        .distinct()
        .forEach(
            site ->
                line(site, name -> read.computeIfAbsent(name, file -> text(file, known, scenario)))
                    .ifPresent(line -> lines.put(site, line)));
    return lines;
  }

  private interface Text {
    List<String> of(String file);
  }

  private static Optional<String> line(String site, Text text) {
    int colon = site.lastIndexOf(':');
    if (colon <= 0 || !site.substring(colon + 1).matches("[1-9][0-9]{0,6}")) {
      return Optional.empty();
    }
    List<String> lines = text.of(site.substring(0, colon));
    int number = Integer.parseInt(site.substring(colon + 1));
    return number > lines.size() ? Optional.empty() : Optional.of(lines.get(number - 1).strip());
  }

  private static List<String> text(String name, Map<String, List<Path>> known, Scenario scenario) {
    List<Path> files = known.getOrDefault(name, List.of());
    List<Path> own = files.stream().filter(file -> isOf(scenario.target(), file)).toList();
    List<Path> chosen = own.size() == 1 ? own : files;
    if (chosen.size() != 1) {
      return List.of();
    }
    try {
      byte[] bytes = Files.readAllBytes(chosen.get(0));
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      // What the page says without it is true as well.
      return List.of();
    }
  }

  /** A target is one file, or a folder. */
  private static boolean isOf(String target, Path file) {
    Path folder = file.getParent();
    return folder.endsWith(target)
        || folder.endsWith("targets")
            && file.getFileName().toString().matches(Pattern.quote(target) + "\\.(c|cc)");
  }

  /** Beside a target of one's own, else where ours are; by name. */
  private Map<String, List<Path>> files(Scenario scenario) {
    Path folder =
        scenario
            .library()
            .map(library -> Path.of(library).toAbsolutePath().getParent())
            .orElse(home.resolve("harness"));
    int depth = scenario.library().isPresent() ? 1 : DEEPEST;
    try (Stream<Path> all = Files.walk(folder, depth)) {
      Map<String, List<Path>> files = new HashMap<>();
      all.filter(file -> !file.startsWith(folder.resolve("build")))
          .filter(Files::isRegularFile)
          .forEach(
              file ->
                  files
                      .computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                      .add(file));
      return files;
    } catch (IOException e) {
      return Map.of();
    }
  }
}
