package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstsTest {
  private static final int POINTS = 50;
  private static final Shape SHAPE = Descriptions.QUEUE.shape("full", MemoryModel.WEAK);
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
    assertThat(new Bursts(strategy, 1, 0, 50, SHAPE).covered(burst)).isEqualTo(text);
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
  private static final class Asked implements OnlyBursts {
    private final List<Burst.Budget> budgets = new ArrayList<>();
    private final List<Scenario> around = new ArrayList<>();
    private int news;

    @Override
    public Burst explore(
        Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
      budgets.add(budget);
      if (budget.squares() > 0) {
        around.add(scenario);
      }
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
  }

  @ParameterizedTest
  @CsvSource({"50, 10000", "1000, 1000", "1000000, 500"})
  void burstsGrowUntilThereIsNews(int points, int most) {
    Asked asked = new Asked();
    Bursts bursts = new Bursts(Strategy.PORTFOLIO, 1, 0, points, SHAPE);
    assertThat(asked.burstsOf(bursts, 12))
        .startsWith(500L * points * points, Math.min(most, 1000L) * points * points)
        .endsWith((long) most * points * points, (long) most * points * points)
        .isSorted();
    asked.news = 1;
    assertThat(asked.burstsOf(bursts, 2))
        .containsExactly((long) most * points * points, 500L * points * points);
  }

  @Test
  void halfOfThemAreAroundSmallerScenarios() {
    Event ofFourth = Event.of("writer3", 1, new Action.Hold(2));
    Event ofReader = Event.of("reader", 1, new Action.Stale(1));
    Event toFourth = Event.of("reader", 2, new Action.Switch("writer3"));
    Scenario large =
        SHAPE
            .defaultRun()
            .withParam("writers", 4)
            .withParam("messages", 8)
            .withEvents(List.of(ofFourth, ofReader, toFourth));
    Asked asked = new Asked();
    Bursts bursts = new Bursts(Strategy.PORTFOLIO, 1, 0, POINTS, SHAPE);
    while (asked.around.size() < 4) {
      bursts.around(large, asked, RunMode.KEPT, 0);
    }
    Scenario few = large.withEvents(List.of(ofReader));
    assertThat(asked.around)
        .containsExactly(
            large,
            few.withParam("writers", 3).withParam("messages", 5),
            large,
            few.withParam("writers", 1).withParam("messages", 1));
  }

  @Test
  void runsAreLimitedAndNotBursts() {
    Asked asked = new Asked();
    Bursts bursts = new Bursts(Strategy.PORTFOLIO, 1, 700, POINTS, SHAPE);
    bursts.survey(SCENARIO, asked, RunMode.KEPT, 0);
    bursts.around(SCENARIO, asked, RunMode.KEPT, 500);
    assertThat(asked.budgets)
        .containsExactly(Burst.Budget.of(700), new Burst.Budget(200, 500 * POINTS * POINTS));
    assertThat(bursts.isOver(699)).isFalse();
    assertThat(bursts.isOver(700)).isTrue();
    assertThat(Bursts.none(700, SHAPE).isOver(700)).isTrue();
    assertThat(Bursts.none(0, SHAPE).isOver(700)).isFalse();
  }
}
