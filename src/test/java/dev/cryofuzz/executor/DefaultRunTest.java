package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefaultRunTest {
  private static final Scenario SCENARIO = Scenario.of("queue", "full", MemoryModel.SC);

  private static TracedRun run(long hash, int points, int... values) {
    List<Step> steps =
        IntStream.range(0, values.length)
            .mapToObj(i -> new Step(1, i, Op.LOAD, "q.c:" + (i + 1), 64, 8, values[i], 0, Set.of()))
            .toList();
    Run run =
        new Run(
            new Verdict.Pass(),
            hash,
            points,
            0,
            0,
            0,
            steps.size(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    return new TracedRun(run, new Trace(List.of("writer0", "reader"), steps, hash, false));
  }

  private static Verdict check(TracedRun... script) {
    try (FakeExecutor executor = FakeExecutor.scripted(Descriptions.QUEUE, script)) {
      Verdict verdict = DefaultRun.check(executor, SCENARIO);
      List<RunMode> expected = List.of(RunMode.FRESH, RunMode.KEPT);
      assertThat(executor.modes()).isEqualTo(expected.subList(0, script.length));
      return verdict;
    }
  }

  @Test
  void twiceTheSameIsAPass() {
    assertThat(check(run(7, 2, 1, 2), run(7, 2, 1, 2))).isEqualTo(new Verdict.Pass());
  }

  @Test
  void theFirstDifferenceNamesADivergence() {
    Verdict verdict = check(run(7, 3, 1, 2, 3), run(8, 3, 1, 5, 3));
    assertThat(verdict.found().orElseThrow())
        .hasToString(
            "divergence in q.c:2: the same scenario gave the traces 0000000000000007 and"
                + " 0000000000000008, which differ from step 1 on: reader#1 load 40=2, then"
                + " reader#1 load 40=5");
  }

  @Test
  void aShorterSecondRunIsADivergenceToo() {
    Verdict verdict = check(run(7, 2, 1, 2), run(8, 1, 1));
    assertThat(verdict.title().orElseThrow()).hasToString("divergence in q.c:2");
  }

  @Test
  void aTargetWithoutPointsCannotBeTested() {
    assertThat(check(run(7, 0))).isEqualTo(new Verdict.Broken("target reached no point"));
  }

  @Test
  void aBrokenRunIsPassedOn() {
    Verdict.Broken broken = new Verdict.Broken("no memory");
    TracedRun first = new TracedRun(Run.of(broken), new Trace(List.of(), List.of(), 0, false));
    assertThat(check(first)).isEqualTo(broken);
    assertThat(check(run(7, 1, 1), first)).isEqualTo(broken);
  }
}
