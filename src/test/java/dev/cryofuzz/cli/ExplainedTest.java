package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.NativeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.explain.ControlledRuns;
import dev.cryofuzz.explain.Explainer;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of each planted bug of the targets whose actors are all controlled, the explanation names the
 * cause, as causes.txt has it. All of them with -Dexplain.all, else those of a few targets.
 */
@Tag("process")
@Timeout(120)
class ExplainedTest {
  private static final Path HOME = Path.of(System.getProperty("cryofuzz.home"));
  private static final Targets TARGETS = Targets.here();
  private static final Pattern LINE = Pattern.compile("([\\w.]+):«([^»]*)»");
  private static final List<String> ALWAYS =
      List.of(
          "queue/no-barrier", "exclusion/peterson-unfenced", "spinlock/peeks", "shapes/account");
  private static final Map<String, Executor> OPEN = new LinkedHashMap<>();

  static Stream<String> rows() throws IOException {
    Path table = HOME.resolve("src/test/resources/dev/cryofuzz/explain/causes.txt");
    return Files.readAllLines(table).stream()
        .filter(line -> !line.startsWith("#"))
        .filter(
            line -> Boolean.getBoolean("explain.all") || ALWAYS.contains(line.split(" \\| ")[0]));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void thePlantedCauseIsNamed(String row) {
    String name = row.split(" \\| ")[0];
    List<String> wanted = parts(located(name.split("/")[0], row.split(" \\| ")[1]));
    Explanation explanation = explain(HOME.resolve("corpus/" + name + ".json"));
    assertThat(Stream.concat(explanation.causes().stream(), explanation.cures().stream()))
        .as(ExplanationText.of(explanation))
        .anyMatch(judged -> names(judged, wanted));
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
    long most = ExplainBudget.runs(Duration.ofSeconds(10), run.points(), scenario);
    return new Explainer(new ControlledRuns(executor, 1, () -> false), most, tried -> {})
        .explain(
            scenario,
            run.verdict().title().orElseThrow(),
            executor.target().shape(scenario.variant(), scenario.memory()));
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
