package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.Cpu;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor's side of the protocol, against an executor that behaves as it is told. */
@Tag("process")
@Timeout(60)
class NativeExecutorTest {
  private static final Scenario SCENARIO = Scenario.of("queue", "full", MemoryModel.SC);
  private static final NativeExecutor.Options QUICK =
      new NativeExecutor.Options(-1, Duration.ofMillis(1500), Duration.ofMillis(300), Carrier.ANY);

  @TempDir static Path folder;
  private static ScriptedExecutor scripted;

  @BeforeAll
  static void compile() throws Exception {
    scripted = ScriptedExecutor.compile(folder);
  }

  private static String broken(String behaviour) {
    try (NativeExecutor executor = scripted.behaving(behaviour, QUICK)) {
      Verdict verdict = executor.run(SCENARIO, RunMode.KEPT).verdict();
      assertThat(verdict).isInstanceOf(Verdict.Broken.class);
      return ((Verdict.Broken) verdict).reason();
    }
  }

  @Test
  void runsAreAskedForOneByOne() {
    try (NativeExecutor executor = scripted.behaving("pass", QUICK)) {
      for (int i = 1; i <= 100; i++) {
        Run run = executor.run(SCENARIO, i % 2 == 0 ? RunMode.FRESH : RunMode.KEPT);
        assertThat(run.passed()).isTrue();
        assertThat(run.hash()).isEqualTo(i);
        assertThat(run.switches()).as("kind of request").isEqualTo(i % 2 == 0 ? 2 : 1);
      }
    }
  }

  /** It would fail, since what it needs is not here; a finding it would not be. */
  @Test
  void whatCannotRunHereIsNotTried() {
    TargetDescription elsewhere = Descriptions.queueOfAnotherMachine("needs root");
    Verdict cannot = new Verdict.Unsupported("needs root");
    try (NativeExecutor executor = scripted.behaving("crash-at-start", QUICK, elsewhere)) {
      assertThat(executor.run(SCENARIO, RunMode.KEPT).verdict()).isEqualTo(cannot);
      assertThat(executor.runTraced(SCENARIO, RunMode.FRESH).run().verdict()).isEqualTo(cannot);
      assertThat(executor.collect(SCENARIO, Strategy.NONE, 1, 10, false).verdict())
          .isEqualTo(cannot);
    }
  }

  @Test
  void aCrashBeforeServingIsTheTargets() {
    assertThat(broken("crash-at-start"))
        .isEqualTo("target crashed in its set-up: signal 11 (SIGSEGV)");
  }

  @Test
  void anExecutorThatGivesUpIsQuoted() {
    assertThat(broken("quit-at-start"))
        .contains("exit status 3")
        .contains("executor: no such target");
    assertThat(broken("quit"))
        .contains("died in a run: exit status 7")
        .contains("executor: out of processes");
  }

  @Test
  void anExecutorThatIsNeverReadyIsNotWaitedForLong() {
    assertThat(broken("sleep-at-start")).contains("not ready within");
  }

  @Test
  void anExecutorThatNeverAnswersTellsWhoWaits() {
    assertThat(broken("mute"))
        .contains("no result within")
        .contains("writer0 ready waits for nothing in particular, reader ready");
  }

  @Test
  void aDeathInARunIsNoticedLongBeforeTheDeadline() {
    NativeExecutor.Options patient =
        new NativeExecutor.Options(-1, Duration.ofSeconds(10), Duration.ofSeconds(50), Carrier.ANY);
    long start = System.nanoTime();
    try (NativeExecutor executor = scripted.behaving("crash", patient)) {
      assertThat(executor.run(SCENARIO, RunMode.KEPT).verdict())
          .isEqualTo(new Verdict.Broken("the executor died in a run: signal 6 (SIGABRT)"));
    }
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
  }

  @Test
  void afterADeathTheNextRunHasANewExecutor() {
    try (NativeExecutor executor = scripted.behaving("crash-once", QUICK)) {
      assertThat(executor.run(SCENARIO, RunMode.KEPT).passed()).isTrue();
      int first = executor.pid();
      assertThat(executor.run(SCENARIO, RunMode.KEPT).passed()).isTrue();
      assertThat(executor.run(SCENARIO, RunMode.KEPT).broken()).isTrue();
      assertThat(executor.run(SCENARIO, RunMode.KEPT).passed()).isTrue();
      assertThat(executor.pid()).isNotEqualTo(first);
    }
  }

  @Test
  void aKilledExecutorIsReplacedToo() {
    try (NativeExecutor executor = scripted.behaving("pass", QUICK)) {
      executor.start();
      ProcessHandle.of(executor.pid()).orElseThrow().destroyForcibly();
      Run killed = executor.run(SCENARIO, RunMode.KEPT);
      assertThat(killed.verdict())
          .isEqualTo(new Verdict.Broken("the executor died in a run: signal 9 (SIGKILL)"));
      assertThat(executor.run(SCENARIO, RunMode.KEPT).passed()).isTrue();
    }
  }

  @Test
  void closingLeavesNoProcess() {
    NativeExecutor executor = scripted.behaving("pass", QUICK);
    executor.start();
    Path process = Path.of("/proc", "" + executor.pid());
    assertThat(process).exists();
    executor.close();
    assertThat(process).doesNotExist();
    executor.close();
  }

  @Test
  void theExecutorRunsWhereItIsTold() throws Exception {
    int cpu = Cpu.usable().get(0);
    try (NativeExecutor executor = scripted.behaving("pass", NativeExecutor.Options.onCpu(cpu))) {
      executor.start();
      assertThat(Files.readString(Path.of("/proc/" + executor.pid() + "/status")))
          .contains("Cpus_allowed_list:\t" + cpu + "\n");
    }
  }

  @Test
  void mistakesOfTheCallerAreThrown() {
    try (NativeExecutor executor = scripted.behaving("pass", QUICK)) {
      assertThatThrownBy(() -> executor.run(SCENARIO.withVariant("nope"), RunMode.KEPT))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(executor.run(SCENARIO, RunMode.KEPT).passed()).isTrue();
    }
  }
}
