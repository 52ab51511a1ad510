package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Targets of harness/tests that do what targets should not: each has its verdict, none harms us.
 */
@Tag("process")
@Timeout(60)
class BadTargetsTest {
  private final Targets targets =
      new Targets(Path.of(System.getProperty("cryofuzz.home")), "test-targets");

  private NativeExecutor open(String name) {
    return targets.openNative(name, NativeExecutor.Options.anywhere());
  }

  private Scenario defaultRun(String name) {
    var target = targets.describe(name);
    return target.shape(target.defaultVariant().name(), MemoryModel.SC).defaultRun();
  }

  private Verdict verdict(String name) {
    try (NativeExecutor executor = open(name)) {
      return DefaultRun.check(executor, defaultRun(name));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deadlock, deadlock in deadlock.left",
    "hang, hang in hang.left",
    "spins, hang in spins.c:10",
    "exits-early, crash in exits-early.c:18"
  })
  void aFailureHasItsTitle(String target, String title) {
    assertThat(verdict(target).title().orElseThrow()).hasToString(title);
  }

  @Test
  void aTargetThatForksOnItsOwnIsNotSupported() {
    assertThat(verdict("forks"))
        .isInstanceOfSatisfying(
            Verdict.Unsupported.class,
            unsupported -> assertThat(unsupported.reason()).contains("calls fork"));
  }

  @Test
  void closedSocketsAreThereAgainInTheNextRun() {
    try (NativeExecutor executor = open("closes")) {
      Scenario scenario = defaultRun("closes");
      long[] hashes = new long[30];
      for (int i = 0; i < hashes.length; i++) {
        Run run = executor.run(scenario, i == 10 ? RunMode.FRESH : RunMode.KEPT);
        assertThat(run.verdict()).isEqualTo(new Verdict.Pass());
        hashes[i] = run.hash();
      }
      assertThat(Arrays.stream(hashes).distinct().count()).isEqualTo(1);
    }
  }

  @Test
  void aLoopWithoutAPointTellsWhereItIs() {
    assertThat(verdict("spins").found().orElseThrow().detail())
        .startsWith("a loop without a point")
        .containsPattern("at spins.c:1[89]");
  }

  @Test
  void whatReachesNoPointCannotBeTested() {
    assertThat(verdict("no-point")).isEqualTo(new Verdict.Broken("target reached no point"));
  }

  @Test
  void aCrashInTheSetUpIsBrokenAndNamesTheSignal() {
    assertThat(verdict("setup-crash"))
        .isEqualTo(new Verdict.Broken("target crashed in its set-up: signal 11 (SIGSEGV)"));
  }

  /**
   * Where in its loop one is caught that spins is chance: a part of the detail, not of the title.
   */
  @Test
  void afterAFailureTheNextRunIsAsTheFirst() {
    for (String target : List.of("spins", "exits-early", "deadlock", "crash")) {
      try (NativeExecutor executor = open(target)) {
        Run first = executor.run(defaultRun(target), RunMode.FRESH);
        Run second = executor.run(defaultRun(target), RunMode.KEPT);
        assertThat(second.verdict().title()).as(target).isNotEmpty();
        assertThat(second.verdict().title()).as(target).isEqualTo(first.verdict().title());
        assertThat(second.hash()).as(target).isEqualTo(first.hash());
      }
    }
  }
}
