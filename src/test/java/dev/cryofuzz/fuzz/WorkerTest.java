package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {
  private static final Title STALE = new Title(Kind.STALE_READ, "queue.pop");
  private static final Title TWICE = new Title(Kind.DOUBLE_FREE, "queue.free");
  private static final Shape SHAPE = Descriptions.QUEUE.shape("no-barrier", MemoryModel.WEAK);

  @TempDir Path temp;
  private WorkerFolder folder;
  private Tally tally;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = WorkerFolder.in(Folder.at(temp));
    tally = Tally.map(folder.tally());
  }

  private Worker worker(Executor executor) {
    return new Worker(
        executor,
        SHAPE,
        RunMode.KEPT,
        new Outbox(folder, System.nanoTime()),
        tally,
        Optional.empty(),
        Bursts.none(0, SHAPE));
  }

  private static byte[] bytes(int staleAt) {
    Scenario scenario =
        SHAPE.defaultRun().withEvents(List.of(Event.of("reader", staleAt, new Action.Stale(1))));
    return new ScenarioBytes(SHAPE).encode(scenario);
  }

  private static boolean isStaleAt(Scenario scenario, int point) {
    return scenario.events().stream().anyMatch(event -> event.at().point() == point);
  }

  @Test
  void aTitleIsSignalledAndSavedOnce() throws Exception {
    FakeExecutor executor =
        FakeExecutor.failing(Descriptions.QUEUE, STALE, scenario -> isStaleAt(scenario, 7));
    try (Worker worker = worker(executor)) {
      assertThat(worker.run(bytes(1))).isEmpty();
      assertThat(worker.run(bytes(7))).contains(STALE);
      assertThat(worker.run(bytes(7))).isEmpty();
    }
    assertThat(tally.of(Tally.Count.RUNS)).isEqualTo(3);
    assertThat(tally.of(Tally.Count.FAILED)).isEqualTo(2);
    List<Path> files = folder.found().files(".json");
    assertThat(files).hasSize(1);
    assertThat(Sighting.of(files.get(0)).run()).isEqualTo(2);
  }

  /** The first input is the empty one that libFuzzer tries before all others. */
  @Test
  void whatItBeginsWithDoesNotHangOnTheSeed() throws Exception {
    FakeExecutor executor =
        FakeExecutor.failing(Descriptions.QUEUE, STALE, scenario -> isStaleAt(scenario, 7));
    for (long openings : new long[] {0, 1}) {
      try (Worker worker = worker(executor)) {
        worker.beginsWith(openings);
        worker.run(bytes(1));
        worker.run(bytes(7));
      }
    }
    assertThat(folder.found().files(".json").stream().map(file -> Sighting.of(file).opening()))
        .containsExactlyInAnyOrder(false, true);
  }

  @Test
  void whatIsSavedReplaysByItself() throws Exception {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.QUEUE, STALE, scenario -> true);
    try (Worker worker = worker(executor)) {
      assertThat(worker.run(bytes(7))).contains(STALE);
    }
    Entry entry = CorpusReader.read(folder.found().files(".json")).entries().get(0);
    assertThat(entry.scenario().events())
        .containsExactly(Event.of("reader", 7, new Action.Stale(1)));
    assertThat(entry.scenario().expect()).contains("stale-read in queue.pop");
    assertThat(entry.scenario().build()).contains(Descriptions.QUEUE.build());
  }

  /** Nobody knows in which run that was, so none is made again. */
  @Test
  void whatTheKernelSaysDuringABurstIsSaved() throws Exception {
    Title warned = new Title(Kind.KERNEL_LOG, "some_function");
    Scenario scenario = new ScenarioBytes(SHAPE).decode(bytes(7));
    try (Worker worker =
        new Worker(
            new Warned(warned),
            SHAPE,
            RunMode.KEPT,
            new Outbox(folder, System.nanoTime()),
            tally,
            Optional.empty(),
            new Bursts(Strategy.POS, 1, 0, 10, SHAPE))) {
      assertThat(worker.run(bytes(7))).contains(warned);
    }
    assertThat(tally.of(Tally.Count.BROKEN)).isZero();
    Entry entry = CorpusReader.read(folder.found().files(".json")).entries().get(0);
    assertThat(entry.scenario().events()).isEqualTo(scenario.events());
  }

  /** During each burst the kernel says that. */
  private record Warned(Title title) implements OnlyBursts {
    @Override
    public Burst explore(
        Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
      Verdict verdict = new Verdict.Found(new Finding(title, "in one of many runs"));
      return new Burst(9, 90, verdict, 1, scenario, 0, 0, false, Strategy.NONE, List.of(), 0);
    }
  }

  @Test
  void jazzerTellsTitlesApartByTheirFrames() {
    StackTraceElement[] one = new FindingSignal(STALE).getStackTrace();
    assertThat(one).hasSize(1).isEqualTo(new FindingSignal(STALE).getStackTrace());
    assertThat(one).isNotEqualTo(new FindingSignal(TWICE).getStackTrace());
  }

  @Test
  void aBrokenMachineIsGivenUpInTheEnd() throws Exception {
    FakeExecutor executor =
        FakeExecutor.of(
            Descriptions.QUEUE, (scenario, mode) -> Run.of(new Verdict.Broken("no memory")));
    try (Worker worker = worker(executor)) {
      for (int i = 1; i < Worker.BROKEN_IN_A_ROW; i++) {
        worker.run(bytes(i));
      }
      assertThatThrownBy(() -> worker.run(bytes(0)))
          .isInstanceOf(WorkerFailure.class)
          .hasMessage("no memory");
    }
    assertThat(tally.of(Tally.Count.BROKEN)).isEqualTo(Worker.BROKEN_IN_A_ROW);
    assertThat(folder.root().path().resolve("broken-1.txt")).hasContent("no memory");
  }

  @Test
  void aBrokenRunNowAndThenIsForgiven() throws Exception {
    int[] runs = {0};
    FakeExecutor executor =
        FakeExecutor.of(
            Descriptions.QUEUE,
            (scenario, mode) ->
                runs[0]++ % 2 == 0
                    ? Run.of(new Verdict.Broken("hiccup"))
                    : FakeExecutor.pass(scenario));
    try (Worker worker = worker(executor)) {
      for (int i = 0; i < 3 * Worker.BROKEN_IN_A_ROW; i++) {
        worker.run(bytes(0));
      }
    }
    assertThat(tally.of(Tally.Count.BROKEN)).isEqualTo(3 * Worker.BROKEN_IN_A_ROW / 2);
  }

  @Test
  void aFindingThatCanNotBeSavedIsSaid() throws Exception {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.QUEUE, STALE, scenario -> true);
    Files.delete(temp.resolve("found"));
    Files.writeString(temp.resolve("found"), "in the way");
    try (Worker worker = worker(executor)) {
      assertThatThrownBy(() -> worker.run(bytes(7)))
          .isInstanceOf(WorkerFailure.class)
          .hasMessageContaining("cannot write")
          .hasMessageContaining("\"at\": \"reader#7\"");
    }
  }

  @Test
  void anyBytesAreAScenario() throws Exception {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.QUEUE, STALE, scenario -> false);
    try (Worker worker = worker(executor)) {
      worker.run(new byte[0]);
      worker.run(new byte[] {'\n'});
      worker.run("\377\377\377 what libFuzzer may think of \0\0\0".getBytes());
    }
    assertThat(executor.ran()).hasSize(3);
  }
}
