package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What scripts rely on. */
class ExitCodeTest {
  private static final Title STALE = new Title(Kind.STALE_READ, "queue.pop");
  private static final Title TWICE = new Title(Kind.DOUBLE_FREE, "queue.free");
  private static final Scenario SCENARIO = Scenario.of("queue", "no-barrier", MemoryModel.WEAK);

  @TempDir Path temp;

  private static Bench bench(Verdict verdict) {
    return new FakeBench((scenario, mode) -> FakeExecutor.run(scenario, verdict, 7));
  }

  private static Verdict found(Title title) {
    return new Verdict.Found(new dev.cryofuzz.finding.Finding(title, "as told"));
  }

  private Path saved(Scenario scenario) throws IOException {
    return Files.write(temp.resolve("scenario.json"), ScenarioJson.bytes(scenario));
  }

  static Stream<Arguments> replays() {
    String stale = STALE.text();
    return Stream.of(
        arguments("passes as it should", "", new Verdict.Pass(), 0, 0),
        arguments("fails as it should", stale, found(STALE), 1, 0),
        arguments("fails otherwise", stale, found(TWICE), 1, 1),
        arguments("fails unexpectedly", "", found(TWICE), 1, 1),
        arguments("does not fail", stale, new Verdict.Pass(), 5, 5),
        arguments("can't run", stale, new Verdict.Unsupported("no CRIU"), 4, 4),
        arguments("broken", stale, new Verdict.Broken("no memory"), 3, 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replays")
  void replay(String name, String expect, Verdict verdict, int code, int asExpected)
      throws Exception {
    Path file = saved(expect.isEmpty() ? SCENARIO : SCENARIO.withExpect(expect));
    assertThat(Typed.on(bench(verdict), "replay", file).code()).isEqualTo(code);
    assertThat(Typed.on(bench(verdict), "replay", "--as-expected", file).code())
        .isEqualTo(asExpected);
  }

  @Test
  void aCriuThatCannotBeExecutedIsRefused() throws Exception {
    Path file = saved(SCENARIO);

    Typed typed = Typed.on(bench(new Verdict.Pass()), "replay", "--criu", file, file);

    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err())
        .contains("--criu " + file + ": expected a program that can be executed");
  }

  @Test
  void whatIsNoCriuIsNotTakenForOne() throws Exception {
    Path criu = Path.of("/bin/false");

    Typed typed = Typed.on(bench(new Verdict.Pass()), "replay", "--criu", criu, saved(SCENARIO));

    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err())
        .contains("--criu /bin/false: asked for its --version it names none; expected a criu");
  }

  @Test
  void aCompelWithoutItsToolIsRefused() throws Exception {
    Path file = saved(SCENARIO);

    Typed typed = Typed.on(bench(new Verdict.Pass()), "replay", "--compel", temp, file);

    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("--compel " + temp + ": expected a folder with bin/compel");
  }

  @Test
  void aCompelWithoutItsLibraryIsRefused() throws Exception {
    Path file = saved(SCENARIO);
    Path tool = Files.createDirectory(temp.resolve("bin")).resolve("compel");
    assertThat(Files.createFile(tool).toFile().setExecutable(true)).isTrue();

    Typed typed = Typed.on(bench(new Verdict.Pass()), "replay", "--compel", temp, file);

    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("--compel " + temp + ": cannot build its driver: ");
  }

  @Test
  void ofASetTheWorstCounts() throws Exception {
    Files.write(temp.resolve("1.json"), ScenarioJson.bytes(SCENARIO));
    Files.write(temp.resolve("2.json"), ScenarioJson.bytes(SCENARIO.withExpect(STALE.text())));
    Bench bench = bench(new Verdict.Pass());
    assertThat(Typed.on(bench, "replay", temp).code()).isEqualTo(5);
    Files.writeString(temp.resolve("3.json"), "{");
    Typed typed = Typed.on(bench, "replay", temp);
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("3.json:1: ").contains("1 passed, 1 failed");
  }

  @Test
  void theOrderOfBadness() {
    int[] worstFirst = {ExitCode.FAULT, ExitCode.FINDINGS, ExitCode.NOT_REPRODUCED, ExitCode.CLEAN};
    for (int i = 1; i < worstFirst.length; i++) {
      assertThat(ExitCode.worst(worstFirst[i], worstFirst[i - 1])).isEqualTo(worstFirst[i - 1]);
      assertThat(ExitCode.worst(worstFirst[i - 1], worstFirst[i])).isEqualTo(worstFirst[i - 1]);
    }
  }

  @Test
  void someThatCanNotRunHereAreCountedAndStrictlyRefused() throws Exception {
    Files.write(temp.resolve("1.json"), ScenarioJson.bytes(SCENARIO));
    Files.write(temp.resolve("2.json"), ScenarioJson.bytes(SCENARIO.withMemory(MemoryModel.SC)));
    Bench bench =
        new FakeBench(
            (scenario, mode) ->
                scenario.memory() == MemoryModel.SC
                    ? Run.of(new Verdict.Unsupported("no CRIU"))
                    : FakeExecutor.pass(scenario));
    Typed typed = Typed.on(bench, "replay", temp);
    assertThat(typed.code()).isZero();
    assertThat(typed.err()).contains("1 passed, 0 failed, 1 can't run here");
    assertThat(Typed.on(bench, "replay", "--strict", temp).code()).isEqualTo(4);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("", "Usage: cryofuzz"),
        arguments("frob", "'frob'"),
        arguments("fuzz --target nix", "unknown target 'nix', there are: queue"),
        arguments("fuzz --variant nix", "unknown variant 'nix', there are:\n  queue: full"),
        arguments(
            "fuzz --memory nix",
            "unknown memory model 'nix', there are: sc, x86, weak, weak-early"),
        arguments("fuzz --time 3x", "type for example 30s"),
        arguments("fuzz --runs many", "./cryofuzz fuzz --help"),
        arguments("fuzz --runs -1", "expected a number from 1 on"),
        arguments("fuzz --frob", "'--frob'"),
        arguments("fuzz --corpus /nowhere/at/all", "no such folder"),
        arguments("replay", "./cryofuzz replay --help"),
        arguments("replay nix.json", "nix.json: no such file"),
        arguments("replay --times 0 nix.json", "expected 1 to"),
        arguments("show nix.json", "nix.json: no such file"),
        arguments("minimize nix.json", "nix.json: no such file"),
        arguments("targets nix", "unknown target 'nix'"),
        arguments("selftest --seeds 0", "--seeds 0"),
        arguments("corpus frob", "'frob'"),
        arguments("corpus merge x", "--into"));
  }

  @ParameterizedTest(name = "cryofuzz {0}")
  @MethodSource("mistakes")
  void mistakesOfTheUser(String line, String said) {
    Object[] words = line.isEmpty() ? new Object[0] : line.split(" ");
    Typed typed = Typed.on(bench(new Verdict.Pass()), words);
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains(said);
    assertThat(typed.out()).isEmpty();
  }

  static Stream<Arguments> badScenarios() {
    String good = ScenarioJson.write(SCENARIO);
    return Stream.of(
        arguments("not JSON", "hello", ":1: "),
        arguments("cut", good.substring(0, good.length() - 4), ":"),
        arguments("unknown target", good.replace("queue", "nix"), "unknown target 'nix'"),
        arguments("unknown variant", good.replace("no-barrier", "nix"), "variant=nix: unknown"),
        arguments("unknown version", good.replace(": 1", ": 2"), ":1: "),
        arguments("unknown event", withEvents(good, "\"do\": \"frob\""), "frob"),
        arguments(
            "impossible under its model",
            withEvents(good.replace("weak", "sc"), "\"do\": \"stale\", \"back\": 1"),
            "stale"));
  }

  private static String withEvents(String scenario, String action) {
    String changed =
        scenario.replace(
            "\"events\": []", "\"events\": [ { \"at\": \"reader#2\", " + action + " } ]");
    assertThat(changed).isNotEqualTo(scenario);
    return changed;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badScenarios")
  void badScenariosAreNamedByFileAndLine(String name, String text, String said) throws Exception {
    Path file = Files.writeString(temp.resolve("bad.json"), text);
    for (String command : new String[] {"replay", "show", "minimize"}) {
      Typed typed = Typed.on(bench(new Verdict.Pass()), command, file);
      assertThat(typed.code()).as(command).isEqualTo(2);
      assertThat(typed.err()).contains(file.toString()).contains(said);
    }
  }

  @Test
  void whatIsOurFaultIsCalledSo() throws Exception {
    Path file = saved(SCENARIO);
    Bench missing =
        new FakeBench(
            (scenario, mode) -> {
              throw new HarnessException("the harness is not built; type ./cryofuzz build");
            });
    Typed typed = Typed.on(missing, "show", file);
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.err()).endsWith("type ./cryofuzz build\n");
    Bench buggy =
        new FakeBench(
            (scenario, mode) -> {
              throw new IllegalStateException("a bug");
            });
    typed = Typed.on(buggy, "show", file);
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.err()).contains("please report it").contains("a bug");
  }

  @Test
  void anUnwritableFolderIsOurOrTheMachinesFault() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    Typed typed = Typed.on(bench(new Verdict.Pass()), "fuzz", "--out", file.resolve("out"));
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.err()).contains("cannot write").contains("--out DIR");
  }

  @Test
  void helpIsData() {
    Typed typed = Typed.on(bench(new Verdict.Pass()), "replay", "--help");
    assertThat(typed.code()).isZero();
    assertThat(typed.out()).startsWith("Usage: cryofuzz replay").contains("Exit codes:");
    assertThat(typed.err()).isEmpty();
  }
}
