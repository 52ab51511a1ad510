package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Fired;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands print, compared with files. */
class OutputTest {
  private static final Title STALE = new Title(Kind.STALE_READ, "queue.pop");
  private static final Scenario SCENARIO =
      Scenario.of("queue", "no-barrier", MemoryModel.WEAK)
          .withEvents(
              List.of(
                  Event.of("reader", 2, new Action.Stale(1)),
                  Event.of("reader", 9, new Action.Delay(4))));

  @TempDir Path temp;

  /** The second event is never reached; the first one makes it fail. */
  private static Run run(Scenario scenario, RunMode mode) {
    boolean stale = scenario.events().stream().anyMatch(e -> e.action() instanceof Action.Stale);
    Verdict verdict =
        stale ? new Verdict.Found(new Finding(STALE, "item 3\u001b[2J")) : new Verdict.Pass();
    List<Fired> fired =
        scenario.events().stream()
            .map(event -> event.action() instanceof Action.Stale ? at(2) : unreached())
            .toList();
    return new Run(verdict, 0xabcL, 10, 2, 3, 0, 12, fired, List.of(), Optional.empty(), List.of());
  }

  private static Fired at(int point) {
    return new Fired(Fired.Fate.FIRED, point, "queue.c:57", 0);
  }

  private static Fired unreached() {
    return new Fired(Fired.Fate.UNREACHED, 0, "", 0);
  }

  private Path save(String name, Scenario scenario) throws IOException {
    return Files.write(temp.resolve(name), ScenarioJson.bytes(scenario));
  }

  private void assertGolden(String name, Typed typed) throws IOException {
    String text = "exit " + typed.code() + "\n" + typed.out() + "---\n" + typed.err();
    String timeless = text.replace(temp.toString(), "DIR").replaceAll("\\d+\\.\\d s\\b", "T s");
    Golden.assertMatches("golden/cli/" + name + ".txt", timeless);
  }

  @Test
  void replay() throws Exception {
    save("1.json", SCENARIO.withExpect(STALE.text()));
    save("2.json", SCENARIO.withExpect("double-free in queue.free"));
    save("3.json", SCENARIO.withEvents(List.of()));
    save("4.json", SCENARIO.withEvents(List.of()).withExpect(STALE.text()));
    assertGolden("replay", Typed.on(new FakeBench(OutputTest::run), "replay", temp));
  }

  @Test
  void replayManyTimes() throws Exception {
    Path file = save("1.json", SCENARIO.withExpect(STALE.text()));
    assertGolden(
        "replay-times", Typed.on(new FakeBench(OutputTest::run), "replay", "--times", 100, file));
  }

  @Test
  void minimize() throws Exception {
    Path file = save("1.json", SCENARIO);
    assertGolden("minimize", Typed.on(new FakeBench(OutputTest::run), "minimize", file));
  }

  @Test
  void whatDoesNotFailIsNotMinimized() throws Exception {
    Path file = save("1.json", SCENARIO.withEvents(List.of()));
    Typed typed = Typed.on(new FakeBench(OutputTest::run), "minimize", file);
    assertThat(typed.code()).isEqualTo(5);
    assertThat(typed.out()).isEmpty();
  }

  @Test
  void show() throws Exception {
    Path file = save("1.json", SCENARIO);
    assertGolden("show", Typed.on(new FakeBench(OutputTest::run), "show", file));
  }

  @Test
  void targets() throws Exception {
    assertGolden("targets", Typed.on(new FakeBench(OutputTest::run), "targets"));
  }

  @Test
  void build() {
    Typed typed = Typed.on(new FakeBench(OutputTest::run), "build");
    assertThat(typed).isEqualTo(new Typed(0, "target queue, build 0123456789abcdef\n", ""));
  }

  @Test
  void corpusStatsAndCheck() throws Exception {
    save("1.json", SCENARIO.withExpect(STALE.text()));
    save("2.json", SCENARIO.withEvents(List.of()));
    Files.writeString(
        temp.resolve("3.json"), ScenarioJson.write(SCENARIO).replace("\": ", "\":   "));
    Bench bench = new FakeBench(OutputTest::run);
    assertGolden("corpus-stats", Typed.on(bench, "corpus", "stats", temp));
    assertGolden("corpus-check", Typed.on(bench, "corpus", "check", temp));
  }

  @Test
  void pruneKeepsRegressions() throws Exception {
    Path regression = save("1.json", SCENARIO.withExpect(STALE.text()));
    Path useless = save("2.json", SCENARIO.withEvents(List.of()));
    Bench bench = new FakeBench((scenario, mode) -> FakeExecutor.pass(scenario));
    assertThat(Typed.on(bench, "corpus", "prune", temp).out()).isEqualTo(useless + "\n");
    assertThat(useless).exists();
    Typed.on(bench, "corpus", "prune", "--delete", temp);
    assertThat(useless).doesNotExist();
    assertThat(regression).exists();
  }

  @Test
  void mergeStoresUnderNamesOfItsOwn() throws Exception {
    save("1.json", SCENARIO.withExpect(STALE.text()));
    Path into = temp.resolve("into");
    Bench bench = new FakeBench(OutputTest::run);
    Typed typed = Typed.on(bench, "corpus", "merge", temp, "--into", into);
    assertThat(typed.out()).isEqualTo("1 of 1 scenarios kept\n");
    assertThat(into.resolve("queue"))
        .isDirectoryContaining("regex:.*/no-barrier-weak-[0-9a-f]{10}\\.json");
  }

  @Test
  void doctorLooksAtTheMachine() {
    Typed typed = Typed.on(new FakeBench(OutputTest::run), "doctor");
    assertThat(typed.out()).contains("kernel log");
    assertThat(typed.code()).isZero();
    assertThat(typed.out())
        .contains("kernel")
        .contains(Runtime.version().toString())
        .contains("target queue");
  }
}
