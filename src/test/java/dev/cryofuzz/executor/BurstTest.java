package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a burst tells is a scenario like any other. (harness/tests/bursts.c tries many of them.) */
@Tag("process")
@Timeout(60)
class BurstTest {
  private static final Scenario BUGGY = Scenario.of("queue", "no-barrier", MemoryModel.WEAK);
  private static final Scenario GOOD = Scenario.of("queue", "full", MemoryModel.WEAK);
  private static final int RUNS = 10_000;
  private static final int SEEDS = 3;
  private static final Burst.Budget BUDGET = Burst.Budget.of(RUNS);

  private static NativeExecutor open() {
    return Targets.here().openNative("queue", NativeExecutor.Options.anywhere());
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "PCT", "SWEEP", "POS", "SURW", "PORTFOLIO"})
  void whatFailsInItFailsByItsEventsInFreshProcesses(Strategy strategy) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      failsByItsEvents(strategy, seed);
    }
  }

  /** Some have several switches at one point, since the reader yields. */
  private static void failsByItsEvents(Strategy strategy, int seed) {
    try (NativeExecutor executor = open()) {
      Burst burst = executor.explore(BUGGY, RunMode.KEPT, strategy, seed, BUDGET);
      assertThat(burst.verdict().title()).map(Title::text).contains("stale-read in queue.pop");
      assertThat(burst.runs()).isLessThan(RUNS);
      Run again = executor.run(burst.last(), RunMode.FRESH);
      assertThat(again.hash()).isEqualTo(burst.hash());
      assertThat(again.verdict()).isEqualTo(burst.verdict());
    }
  }

  @Test
  void eventsOfTheScenarioStay() {
    Event hold = Event.of("writer", 3, new Action.Hold(5));
    Scenario scenario = BUGGY.withEvents(List.of(hold));
    try (NativeExecutor executor = open()) {
      Burst burst = executor.explore(scenario, RunMode.KEPT, Strategy.RANDOM, 1, BUDGET);
      assertThat(burst.verdict()).isInstanceOf(Verdict.Found.class);
      assertThat(burst.last().events()).contains(hold).hasSizeGreaterThan(1);
      assertThat(executor.run(burst.last(), RunMode.KEPT).hash()).isEqualTo(burst.hash());
    }
  }

  /** Such a bug shows in one run of ten: nothing else would ever be looked for. */
  @Test
  void aBurstGoesOnAfterWhatWasToldEarlier() {
    try (NativeExecutor executor = open()) {
      Burst first = executor.explore(BUGGY, RunMode.KEPT, Strategy.PORTFOLIO, 1, BUDGET);
      Burst second = executor.explore(BUGGY, RunMode.KEPT, Strategy.PORTFOLIO, 2, BUDGET);
      assertThat(first.verdict()).isInstanceOf(Verdict.Found.class);
      assertThat(first.told()).isZero();
      assertThat(second.verdict()).isInstanceOf(Verdict.Pass.class);
      assertThat(second.runs()).isEqualTo(RUNS);
      assertThat(second.told()).isGreaterThan(10);
      assertThat(second.last()).isEqualTo(BUGGY);
      assertThat(second.complete()).isZero();
    }
  }

  @Test
  void whatWasCoveredIsSaid() {
    try (NativeExecutor executor = open()) {
      Burst burst = executor.explore(GOOD, RunMode.KEPT, Strategy.SYSTEMATIC, 1, BUDGET);
      assertThat(burst.verdict()).isInstanceOf(Verdict.Pass.class);
      assertThat(burst.runs()).isEqualTo(RUNS);
      assertThat(burst.complete()).isGreaterThan(1);
      assertThat(burst.schedules()).isBetween(10, RUNS);
      assertThat(burst.exhausted()).isFalse();
      assertThat(executor.explore(GOOD, RunMode.KEPT, Strategy.SWEEP, 1, BUDGET).exhausted())
          .isTrue();
    }
  }

  @Test
  void itEndsWithItsPointsSquaredButHasSomeRuns() {
    Scenario longer = GOOD.withParam("messages", 6);
    try (NativeExecutor executor = open()) {
      Burst some = executor.explore(GOOD, RunMode.KEPT, Strategy.RANDOM, 1, squares(1_000_000));
      Burst fewer = executor.explore(longer, RunMode.KEPT, Strategy.RANDOM, 1, squares(1_000_000));
      assertThat(some.runs()).isBetween(100, 1_000);
      assertThat(some.runs()).isBetween(2 * fewer.runs(), 8 * fewer.runs());
      assertThat(executor.explore(GOOD, RunMode.KEPT, Strategy.RANDOM, 1, squares(1)).runs())
          .isEqualTo(50);
    }
  }

  private static Burst.Budget squares(long squares) {
    return new Burst.Budget(RUNS, squares);
  }
}
