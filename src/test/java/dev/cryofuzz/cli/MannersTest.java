package dev.cryofuzz.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.FakeExecutor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What one expects of any command: help, completion, manual pages, files and variables. */
class MannersTest {
  private static final Bench BENCH = new FakeBench((scenario, mode) -> FakeExecutor.pass(scenario));

  @TempDir Path temp;

  static Stream<String> commands() {
    Surroundings nowhere = new Surroundings(null, BENCH, new Stop(), Map.of());
    return new CommandLine(new Cryofuzz(null), new Commands(nowhere))
        .getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpHasAnExampleAndTheExitCodes(String command) {
    Typed typed = Typed.on(BENCH, command, "--help");
    assertThat(typed.code()).isZero();
    assertThat(typed.out()).contains("\nExample:\n  ./cryofuzz " + command, "\nExit codes:\n");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachHasAManualPage(String command) {
    assertThat(Typed.on(BENCH, "manual", command).out())
        .startsWith(".TH CRYOFUZZ-" + command.toUpperCase(Locale.ROOT) + " 1\n.SH NAME\n")
        .contains("\n.SH SYNOPSIS\n", "\n.SH EXIT STATUS\n", "\n.SH EXAMPLE\n");
  }

  @Test
  void theManualOfAllListsCommands() {
    assertThat(Typed.on(BENCH, "manual").out()).contains("\n.SH COMMANDS\n.TP\n.B fuzz\n");
    assertThat(Typed.on(BENCH, "manual", "nothing").code()).isEqualTo(2);
  }

  /** Asks a real bash, as the key does. */
  @ParameterizedTest
  @CsvSource({
    "fu, fuzz",
    "fuzz --ta, --target",
    "fuzz --memory weak-, weak-early",
    "fuzz --strategy syst, systematic",
    "fuzz --with te, tearing",
    "replay --as, --as-expected",
    "replay --carrier nat, native",
    "report --format sa, sarif",
    "schema findings, findings-line",
    "corpus pr, prune"
  })
  void bashCompletes(String typed, String completed) throws Exception {
    Path script =
        Files.writeString(temp.resolve("completion"), Typed.on(BENCH, "completion").out());
    String ask =
        """
        . %s
        compopt() { :; }
        COMP_WORDS=(cryofuzz %2$s) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE="cryofuzz %2$s" COMP_POINT=${#COMP_LINE}
        _complete_cryofuzz
        echo ${COMPREPLY[*]}
        """
            .formatted(script, typed);
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8)).isEqualTo(completed + "\n");
    assertThat(bash.waitFor()).isZero();
  }

  private Path scenario(String expect) throws Exception {
    String text =
        "{ \"cryofuzz\": 1, \"target\": \"queue\", \"variant\": \"full\", \"memory\": \"sc\","
            + " \"params\": {}, \"events\": []"
            + expect
            + " }";
    return Files.writeString(temp.resolve("scenario.json"), text);
  }

  @Test
  void quietlyItTellsOnlyWhatIsWrong() throws Exception {
    Path good = scenario("");
    assertThat(Typed.on(BENCH, "replay", "-q", good)).isEqualTo(new Typed(0, "", ""));
    assertThat(Typed.on(BENCH, "-q", "replay", good)).isEqualTo(new Typed(0, "", ""));
    Path bad = scenario(", \"expect\": \"stale-read in queue.pop\"");
    Typed missing = Typed.on(BENCH, "replay", "--quiet", bad);
    assertThat(missing.code()).isEqualTo(5);
    assertThat(missing.out()).startsWith("FAIL ");
    assertThat(missing.err()).isEmpty();
    assertThat(Typed.on(BENCH, "replay", "-q", temp.resolve("none")).err())
        .startsWith(temp.resolve("none").toString());
    assertThat(Typed.on(BENCH, "schema", "-q", "finding"))
        .isEqualTo(Typed.on(BENCH, "schema", "finding"));
  }

  /** Ctrl-C in the second of a hundred runs. */
  @Test
  void stoppedReplayTellsOfTheRunsThatItMade() throws Exception {
    Stop stop = new Stop();
    AtomicInteger runs = new AtomicInteger();
    Bench bench =
        new FakeBench(
            (scenario, mode) -> {
              if (runs.incrementAndGet() == 2) {
                stop.ask();
              }
              return FakeExecutor.pass(scenario);
            });
    Typed typed = Typed.on(bench, stop, "replay", "--times", 100, scenario(""));
    assertThat(typed.out()).startsWith("PASS ").contains(", 2/2 as expected");
    assertThat(runs).hasValue(2);
  }

  @Test
  void verboselyItTellsOfEachRun() throws Exception {
    Path good = scenario("");
    Typed usual = Typed.on(BENCH, "replay", good);
    Typed verbose = Typed.on(BENCH, "replay", "-v", good);
    assertThat(verbose.out()).isEqualTo(usual.out());
    assertThat(verbose.err())
        .isEqualTo("  run in fresh processes: queue full, memory sc: no finding\n" + usual.err());
  }

  /** A default method that is not handed on would quietly do nothing. */
  @ParameterizedTest
  @ValueSource(classes = {TellingExecutor.class, TellingBench.class})
  void whoTellsHandsEverythingOn(Class<?> telling) {
    Class<?> told = telling.getInterfaces()[0];
    assertThat(telling.getDeclaredMethods())
        .extracting(Method::getName)
        .containsAll(Stream.of(told.getDeclaredMethods()).map(Method::getName).toList());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noneIsQuietAndVerbose(String command) {
    Typed typed = Typed.on(BENCH, command, "-q", "-v");
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("-q and -v: expected one of them");
  }

  @Test
  void optionsCanStandInAFile() throws Exception {
    Path file = Files.writeString(temp.resolve("options"), "schema\nfinding\n");
    assertThat(Typed.on(BENCH, "@" + file)).isEqualTo(Typed.on(BENCH, "schema", "finding"));
  }

  @Test
  void aFileOfOptionsThatIsNotThereIsNamed() {
    Typed typed = Typed.on(BENCH, "fuzz", "@" + temp.resolve("none"));
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains(temp.resolve("none") + ": no such file of options");
  }

  @ParameterizedTest
  @CsvSource({"fuz, did you mean: fuzz", "fuzz --taget queue, did you mean: --target"})
  void whatIsMisspeltIsAnsweredWithWhatIsMeant(String typed, String answer) {
    Typed misspelt = Typed.on(BENCH, (Object[]) typed.split(" "));
    assertThat(misspelt.code()).isEqualTo(2);
    assertThat(misspelt.err()).contains(answer);
  }

  @Test
  void aVariableThatIsWrongIsNamed() {
    Map<String, String> environment = Map.of("CRYOFUZZ_FUZZ_RUNS", "many");
    Typed typed = Typed.on(BENCH, new Stop(), environment, "fuzz");
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("--runs", "'many'", "CRYOFUZZ_FUZZ_RUNS is set");
  }

  @Test
  void optionsCanStandInTheEnvironment() {
    Map<String, String> environment = Map.of("CRYOFUZZ_REPLAY_TIMES", "0");
    Typed typed = Typed.on(BENCH, new Stop(), environment, "replay", temp);
    assertThat(typed.err()).contains("--times 0: expected");
    assertThat(Typed.on(BENCH, new Stop(), environment, "replay", "--times", 2, temp).err())
        .doesNotContain("--times");
  }
}
