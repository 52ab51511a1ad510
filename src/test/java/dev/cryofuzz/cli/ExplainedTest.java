package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.NativeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Judged;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of planted bugs the explanation names the cause, as causes.txt has it: of all in ci/qualify. */
@Tag("process")
@Timeout(120)
class ExplainedTest {
  private static final Path HOME = Path.of(System.getProperty("cryofuzz.home"));
  private static final Targets TARGETS = Targets.here();
  private static final Pattern LINE = Pattern.compile("([\\w.]+):«([^»]*)»");
  private static final List<String> ALWAYS =
      List.of(
          "queue/no-barrier",
          "exclusion/peterson-unfenced",
          "spinlock/peeks",
          "shapes/account",
          "inject/limit-lost");
  private static final Map<String, Executor> OPEN = new LinkedHashMap<>();

  static Stream<String> rows() throws IOException {
    Path table = HOME.resolve("src/test/resources/dev/cryofuzz/explain/causes.txt");
    return Files.readAllLines(table).stream()
        .filter(line -> !line.startsWith("#"))
        .filter(line -> ALWAYS.contains(line.split(" \\| ")[0]));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePlantedCauseIsNamed(String row) {
    String name = row.split(" \\| ")[0];
    String wanted = located(name.split("/")[0], row.split(" \\| ")[1]);
    Explanation explanation = explain(HOME.resolve("corpus/" + name + ".json"));
    List<Judged> named =
        Stream.concat(explanation.causes().stream(), explanation.cures().stream()).toList();
    for (String together : wanted.split(" with ")) {
      assertThat(together.split(" or "))
          .as(ExplanationText.of(explanation))
          .anyMatch(one -> named.stream().anyMatch(judged -> names(judged, parts(one))));
    }
  }

  @Test
  void theSameSeedExplainsInTheSameWords() {
    Path file = HOME.resolve("corpus/queue/write-barrier-only.json");
    assertThat(ExplanationText.of(explain(file))).isEqualTo(ExplanationText.of(explain(file)));
  }

  /** Of system headers the file alone is wanted: their lines are the compiler's. */
  private static boolean names(Judged judged, List<String> wanted) {
    List<String> named = parts(ExplanationText.of(judged.intervention()));
    return named.size() == wanted.size()
        && wanted.stream()
            .allMatch(part -> named.stream().anyMatch(other -> other.startsWith(part)));
  }

  private static List<String> parts(String text) {
    return Arrays.asList(text.split(" and "));
  }

  private static Explanation explain(Path file) {
    Scenario saved = CorpusReader.read(List.of(file)).entries().get(0).scenario();
    Executor executor =
        OPEN.computeIfAbsent(
            saved.target(), t -> TARGETS.openNative(t, NativeExecutor.Options.anywhere()));
    Run run = executor.run(saved, Replay.mode(saved, executor));
    Scenario scenario = run.pinned(saved);
    return new Explaining(Duration.ofSeconds(10), 1, () -> false, tried -> {})
        .explain(executor, scenario, run.verdict().title().orElseThrow(), run)
        .explanation();
  }

  /** With the numbers of the lines that have these words. */
  private static String located(String target, String text) {
    Matcher place = LINE.matcher(text);
    return place.replaceAll(m -> m.group(1) + ":" + lineOf(target, m.group(1), m.group(2)));
  }

  private static int lineOf(String target, String file, String words) {
    Path folder = HOME.resolve("harness/targets");
    Path inside = folder.resolve(target).resolve(file);
    try {
      List<String> lines = Files.readAllLines(Files.exists(inside) ? inside : folder.resolve(file));
      List<String> found = lines.stream().filter(line -> line.contains(words)).toList();
      assertThat(found).as(file + ": " + words).isNotEmpty();
      return lines.indexOf(found.get(0)) + 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void close() {
    OPEN.values().forEach(Executor::close);
  }
}
