package dev.cryofuzz.executor;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.finding.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An oracle that nobody has seen fire is a defect: each title that a source of the harness can
 * raise is expected by a planted variant, a scenario of the corpus or a check in C, or is named,
 * with its reason, in {@code oracles/unseen.txt}. A call that computes its title says in {@code
 * oracles/computed.txt} what it is one of.
 */
@Tag("process")
class OraclesTest {
  private static final Path HOME = Golden.home();
  private static final Pattern ROW = Pattern.compile("CF_(\\w+),\\s*\"([\\w.-]*)\"");
  private static final Pattern TITLE = Pattern.compile("\"([a-z]+(?:-[a-z]+)* in [\\w.-]+)\"");

  private static final List<String> FREEZES = List.of("freeze", "stop", "checkpoint");

  private static final Set<String> SEEN = new TreeSet<>();
  private static final Set<String> RAISED = new TreeSet<>();
  private static final Set<String> COMPUTED = new TreeSet<>();

  @BeforeAll
  static void read() throws IOException {
    readVariants();
    readCorpus();
    readChecks();
    for (Path file : sources("targets", "optional", "executor", "freezer", "runtime")) {
      readOracles(file);
    }
  }

  private static void readVariants() {
    Targets targets = Targets.here();
    for (String name : targets.names()) {
      targets.describe(name).variants().stream()
          .flatMap(variant -> variant.expect().stream())
          .forEach(SEEN::add);
    }
  }

  private static void readCorpus() {
    CorpusReader.read(List.of(HOME.resolve("corpus"))).entries().stream()
        .flatMap(entry -> entry.scenario().expect().stream())
        .forEach(SEEN::add);
  }

  private static void readChecks() throws IOException {
    for (Path file : sources("tests")) {
      String text = Files.readString(file);
      TITLE.matcher(text).results().map(title -> title.group(1)).forEach(SEEN::add);
      rows(text).forEach(SEEN::add);
    }
  }

  /** Kind and site side by side, in a table or a call. */
  private static Stream<String> rows(String text) {
    return ROW.matcher(text)
        .results()
        .map(row -> row.group(1).toLowerCase(Locale.ROOT).replace('_', '-') + " in " + row.group(2))
        .filter(title -> Kind.of(title.substring(0, title.indexOf(' '))).isPresent());
  }

  private static void readOracles(Path file) throws IOException {
    String text = Files.readString(file);
    rows(text).filter(title -> title.matches(".* in [\\w-]+\\..+")).forEach(RAISED::add);
    for (OracleCalls.Call call : OracleCalls.in(text)) {
      RAISED.addAll(call.titles());
      if (call.titles().isEmpty()) {
        COMPUTED.add(file.getFileName() + " " + call.text());
      }
    }
  }

  private static List<Path> sources(String... folders) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(HOME.resolve("harness").resolve(folder))) {
        files.filter(file -> file.toString().matches(".*\\.(c|cc)")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static boolean isSeen(String title) {
    int any = title.indexOf(OracleCalls.FREEZE);
    return any < 0
        ? SEEN.contains(title)
        : FREEZES.stream()
            .map(title.substring(0, any)::concat)
            .map(begin -> begin + title.substring(any + 1))
            .anyMatch(SEEN::contains);
  }

  /** Lines "what | reason". */
  private static Set<String> excused(String resource) throws IOException {
    try (InputStream lines = OraclesTest.class.getResourceAsStream("/oracles/" + resource)) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.substring(0, line.indexOf(" | ")))
          .collect(toCollection(TreeSet::new));
    }
  }

  @Test
  void eachTitleHasBeenSeenOrIsExcused() throws IOException {
    assertThat(RAISED.stream().filter(title -> !isSeen(title)))
        .containsExactlyElementsOf(excused("unseen.txt"));
  }

  @Test
  void whatComputesItsTitleIsNamed() throws IOException {
    assertThat(COMPUTED).containsExactlyElementsOf(excused("computed.txt"));
  }
}
