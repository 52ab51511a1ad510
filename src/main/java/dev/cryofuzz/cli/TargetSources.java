package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.export.Refusal;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The C files of a target, as one program can have them in one file: with the headers that lie
 * beside them in place of what includes those; cryofuzz.h is left to others.
 */
final class TargetSources {
  private static final Pattern OWN =
      Pattern.compile("(?m)^#include \"(?!cryofuzz\\.h\")([^\"]*)\"$");

  private final Scenario scenario;
  private final SourceFiles files;

  TargetSources(Path home, Scenario scenario) {
    this.scenario = scenario;
    this.files = new SourceFiles(home);
  }

  /**
   * Of a target with a folder of its own all of it, of another one its file. Throws Refusal if
   * there is more to it.
   *
   * @param named the files that its run was in
   */
  SortedMap<String, String> of(Set<String> named) {
    SortedMap<String, String> texts = new TreeMap<>();
    // A header stands in what includes it.
    List<String> sources = named.stream().filter(name -> !name.endsWith(".h")).toList();
    if (sources.isEmpty()) {
      throw new Refusal("its run names no source");
    }
    for (String name : sources) {
      all(file(name)).forEach(each -> texts.put(each.getFileName().toString(), withHeaders(each)));
    }
    if (texts.size() > 1 && isAlone(file(sources.get(0)))) {
      throw new Refusal("its run is in several files: " + String.join(", ", sources));
    }
    return texts;
  }

  private Path file(String name) {
    if (!name.endsWith(".c")) {
      throw new Refusal(name + " is not C");
    }
    return files.locate(name, scenario).orElseThrow(() -> new Refusal(name + " is not there"));
  }

  private List<Path> all(Path file) {
    return isAlone(file) ? List.of(file) : folder(file.getParent());
  }

  private boolean isAlone(Path file) {
    return !file.getParent().getFileName().toString().equals(scenario.target());
  }

  private static List<Path> folder(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(file -> file.toString().endsWith(".c")).sorted().toList();
    } catch (IOException e) {
      throw new HarnessException(folder + " can't be read", e);
    }
  }

  /** Headers of headers too: what guards them against that keeps them apart. */
  private static String withHeaders(Path source) {
    String text = read(source);
    StringBuilder whole = new StringBuilder();
    Matcher include = OWN.matcher(text);
    while (include.find()) {
      long line = text.substring(0, include.start()).lines().count() + 2;
      String there =
          "#line 1 \"%s\"\n%s#line %d \"%s\""
              .formatted(
                  include.group(1),
                  withHeaders(header(source, include.group(1))),
                  line,
                  source.getFileName());
      include.appendReplacement(whole, Matcher.quoteReplacement(there));
    }
    return include.appendTail(whole).toString();
  }

  private static Path header(Path source, String name) {
    Path header = source.resolveSibling(name);
    if (name.contains("/") || !Files.isRegularFile(header)) {
      throw new Refusal("it includes more than headers that lie beside it: " + name);
    }
    return header;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new HarnessException(file + " can't be read", e);
    }
  }
}
