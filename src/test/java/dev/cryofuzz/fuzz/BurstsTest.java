package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstsTest {
  private static final int POINTS = 50;
  private static final Scenario SCENARIO = Scenario.of("queue", "full", MemoryModel.WEAK);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SYSTEMATIC | 0 |    0 | false | ''",
        "SYSTEMATIC | 1 |    1 | false | ''",
        "SYSTEMATIC | 2 |   41 | false | all 41 schedules with at most 1 switch, all pass",
        "SYSTEMATIC | 3 | 1204 | false | 'all 1,204 schedules with at most 2 switches, all pass'",
        "SYSTEMATIC | 4 | 1204 | true  | 'all 1,204 schedules, all pass'",
        "PORTFOLIO  | 2 |   41 | false | all 41 schedules with at most 1 switch, all pass",
        "SWEEP      | 0 |    0 | false | ''",
        "SWEEP      | 0 |   82 | true  | 'all 82 runs with a single stale load, held store or"
            + " spurious failure, all pass'",
      })
  void whatWasCovered(
      Strategy strategy, int complete, int schedules, boolean exhausted, String text) {
    Burst burst = burst(complete, schedules, exhausted, 0);
    assertThat(new Bursts(strategy, 1, 0, 50, false).covered(burst)).isEqualTo(text);
  }

  private static Burst burst(int complete, int schedules, boolean exhausted, int news) {
    return new Burst(
        9,
        9 * POINTS,
        new Verdict.Pass(),
        0,
        SCENARIO,
        complete,
        schedules,
        exhausted,
        Strategy.POS,
        List.of(new Burst.Share(Strategy.POS, 9, news)),
        0);
  }

  /** Explores nothing, but remembers what it was asked, and says that it was news as told. */
  private static final class Asked implements Executor {
    private final List<Burst.Budget> budgets = new ArrayList<>();
    private int news;

    @Override
    public Burst explore(
        Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
      budgets.add(budget);
      return burst(0, 0, false, news);
    }

    /** What so many of them were given, without scenarios by themselves in between. */
    List<Long> burstsOf(Bursts bursts, int wanted) {
      budgets.clear();
      while (squares().size() < wanted) {
        bursts.around(SCENARIO, this, RunMode.KEPT, 0);
      }
      return squares();
    }

    private List<Long> squares() {
      return budgets.stream().map(Burst.Budget::squares).filter(squares -> squares > 0).toList();
    }

    @Override
    public Run run(Scenario scenario, RunMode mode) {
      throw new AssertionError("not asked for");
    }

    @Override
    public TracedRun runTraced(Scenario scenario, RunMode mode) {
      throw new AssertionError("not asked for");
    }

    @Override
    public TargetDescription target() {
      return Descriptions.QUEUE;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({"50, 10000", "1000, 1000", "1000000, 500"})
  void burstsGrowUntilThereIsNews(int points, int most) {
    Asked asked = new Asked();
    Bursts bursts = new Bursts(Strategy.PORTFOLIO, 1, 0, points, false);
    assertThat(asked.burstsOf(bursts, 12))
        .startsWith(500L * points * points, Math.min(most, 1000L) * points * points)
        .endsWith((long) most * points * points, (long) most * points * points)
        .isSorted();
    asked.news = 1;
    assertThat(asked.burstsOf(bursts, 2))
        .containsExactly((long) most * points * points, 500L * points * points);
  }

  @Test
  void runsAreLimitedAndNotBursts() {
    Asked asked = new Asked();
    Bursts bursts = new Bursts(Strategy.PORTFOLIO, 1, 700, POINTS, false);
    bursts.survey(SCENARIO, asked, RunMode.KEPT, 0);
    bursts.around(SCENARIO, asked, RunMode.KEPT, 500);
    assertThat(asked.budgets)
        .containsExactly(Burst.Budget.of(700), new Burst.Budget(200, 500 * POINTS * POINTS));
    assertThat(bursts.isOver(699)).isFalse();
    assertThat(bursts.isOver(700)).isTrue();
    assertThat(Bursts.none(700).isOver(700)).isTrue();
    assertThat(Bursts.none(0).isOver(700)).isFalse();
  }
}
