package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What parent and worker tell each other through files. */
class WorkerFilesTest {
  private static final Job JOB =
      new Job(Descriptions.QUEUE, Descriptions.QUEUE.variant("no-barrier"), MemoryModel.WEAK);

  @TempDir Path temp;

  @Test
  void theConfigurationIsReadBack() throws Exception {
    WorkerConfig config =
        new WorkerConfig(
            "queue",
            "full",
            MemoryModel.X86,
            Path.of("/tmp/a=b #c"),
            -7,
            9,
            1,
            Carrier.PROCESS,
            Strategy.SWEEP,
            true,
            Set.of(ActionType.INFECT, ActionType.CHECKPOINT),
            true,
            Set.of(RunOption.RACES, RunOption.TEARING));
    Path file = Folder.at(temp).write(WorkerConfig.FILE, config.bytes());
    assertThat(WorkerConfig.read(file)).isEqualTo(config);
  }

  @Test
  void theTallyIsSharedAndGoesOn() throws Exception {
    Path file = temp.resolve("tally");
    Tally worker = Tally.map(file);
    Tally parent = Tally.map(file);
    worker.count(Tally.Count.RUNS);
    worker.count(Tally.Count.RUNS);
    assertThat(parent.of(Tally.Count.RUNS)).isEqualTo(2);
    assertThat(parent.of(Tally.Count.FAILED)).isZero();
    assertThat(Tally.map(file).of(Tally.Count.RUNS)).isEqualTo(2);
  }

  @Test
  void whatEachStrategyDidIsSummedUp() throws Exception {
    Tally tally = Tally.map(temp.resolve("tally"));
    assertThat(tally.efforts()).isEmpty();
    tally.count(burst(new Burst.Share(Strategy.POS, 30, 4), new Burst.Share(Strategy.NONE, 2, 0)));
    tally.count(burst(new Burst.Share(Strategy.POS, 8, 0)));
    tally.found(Strategy.POS);
    Tally parent = Tally.map(temp.resolve("tally"));
    assertThat(parent.of(Tally.Count.RUNS)).isEqualTo(80);
    assertThat(parent.of(Tally.Count.FAILED)).isEqualTo(6);
    Progress once = new Progress(80, 6, 0, 0, 1, 2, parent.efforts());
    assertThat(Progress.NONE.plus(once).plus(once).efforts())
        .hasSize(Strategy.values().length)
        .contains(new Effort(Strategy.POS, 76, 2), new Effort(Strategy.NONE, 4, 0))
        .contains(new Effort(Strategy.PCT, 0, 0));
  }

  private static Burst burst(Burst.Share... shares) {
    return new Burst(
        40,
        2_000,
        new Verdict.Pass(),
        0,
        JOB.shape().defaultRun(),
        0,
        0,
        false,
        Strategy.PORTFOLIO,
        List.of(shares),
        3);
  }

  @Test
  void sightingsComeInTheOrderOfRuns() {
    assertThat(Sighting.name(9, 1, true)).isLessThan(Sighting.name(10, 0, false));
    for (boolean opening : new boolean[] {false, true}) {
      Path file = Path.of("found", Sighting.name(123, 45, opening));
      assertThat(Sighting.of(file)).isEqualTo(new Sighting(file, 123, 45, opening));
    }
  }

  @Test
  void progressIsReadFromALogThatGrows() throws Exception {
    Path file = temp.resolve("log");
    LibFuzzerLog log = new LibFuzzerLog(file);
    log.poll();
    assertThat(log.features()).isZero();
    Files.writeString(file, "INFO: Seed: 7\n#498\tNEW    cov: 1 ft: 12 corp: 3/2b lim: 8 exec");
    log.poll();
    assertThat(log.features()).isZero();
    Files.writeString(
        file,
        "/s: 0 rss: 129Mb\n#2000\tDONE   cov: 5 ft: 15 corp: 6/16b\n",
        StandardOpenOption.APPEND);
    log.poll();
    assertThat(log.features()).isEqualTo(15);
    assertThat(log.corpus()).isEqualTo(6);
    assertThat(log.saysDone()).isFalse();
    Files.writeString(file, "Done 2000 runs in 2 second(s)\n", StandardOpenOption.APPEND);
    log.poll();
    assertThat(log.saysDone()).isTrue();
    assertThat(log.lastLines()).containsExactly("INFO: Seed: 7", "Done 2000 runs in 2 second(s)");
  }

  @Test
  void theCorpusComesBackAsScenariosThatPass() throws Exception {
    ScenarioBytes form = new ScenarioBytes(JOB.shape());
    Scenario passing =
        JOB.shape().defaultRun().withEvents(List.of(Event.of("reader", 3, new Action.Delay(2))));
    Scenario failing =
        JOB.shape().defaultRun().withEvents(List.of(Event.of("reader", 7, new Action.Stale(1))));
    Files.write(temp.resolve("1"), form.encode(passing));
    Files.write(temp.resolve("2"), form.encode(failing));
    Files.write(temp.resolve("3"), form.encode(passing));
    FakeExecutor executor =
        FakeExecutor.failing(
            Descriptions.QUEUE,
            new Title(Kind.STALE_READ, "queue.pop"),
            scenario -> scenario.events().equals(failing.events()));
    assertThat(new Harvest(executor, JOB).of(temp))
        .containsExactly(passing.withBuild(Descriptions.QUEUE.build()));
  }

  @Test
  void theCommandLineTurnsOffWhatIsOurs() throws Exception {
    assertThat(command(false))
        .contains("--nohooks", "-timeout=0", "-rss_limit_mb=0", "-reload=0", "-seed=7", "-runs=-1")
        .contains("--target_class=dev.cryofuzz.fuzz.FuzzTarget");
  }

  @Test
  void aBriefWorkerIsNotOptimized() throws Exception {
    assertThat(command(true)).contains("-XX:TieredStopAtLevel=1");
    assertThat(command(false)).doesNotContain("-XX:TieredStopAtLevel=1");
  }

  private List<String> command(boolean brief) throws Exception {
    WorkerConfig config =
        new WorkerConfig(
            "queue",
            "full",
            MemoryModel.SC,
            temp,
            7,
            0,
            0,
            Carrier.ANY,
            Strategy.NONE,
            true,
            Set.of(),
            true,
            Set.of());
    return WorkerCommand.of(config, WorkerFolder.in(Folder.at(temp)), brief);
  }
}
