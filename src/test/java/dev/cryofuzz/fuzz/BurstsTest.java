package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstsTest {
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
        "SWEEP      | 0 |    0 | false | ''",
        "SWEEP      | 0 |   82 | true  | 'all 82 runs with a single stale load or held store, all"
            + " pass'",
      })
  void whatWasCovered(
      Strategy strategy, int complete, int schedules, boolean exhausted, String text) {
    Burst burst = new Burst(9, new Verdict.Pass(), 0, SCENARIO, complete, schedules, exhausted);
    assertThat(new Bursts(strategy, 1).covered(burst)).isEqualTo(text);
  }
}
