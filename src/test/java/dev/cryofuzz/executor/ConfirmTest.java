package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmTest {
  private static final Scenario SCENARIO = Scenario.of("queue", "full", MemoryModel.SC);
  private static final Title STALE = Title.parse("stale-read in queue.pop");
  private static final Title OTHER = Title.parse("leak in queue.pop");

  private static TracedRun run(Verdict verdict, long hash) {
    Run run = FakeExecutor.run(SCENARIO, verdict, hash);
    return new TracedRun(run, new Trace(List.of(), List.of(), hash, false));
  }

  private static TracedRun fails(Title title, long hash) {
    return run(new Verdict.Found(new Finding(title, "")), hash);
  }

  private static Confirmation confirm(int times, TracedRun... script) {
    try (FakeExecutor executor = FakeExecutor.scripted(Descriptions.QUEUE, script)) {
      Confirmation confirmation = Confirm.confirm(executor, SCENARIO, STALE, RunMode.KEPT, times);
      assertThat(executor.modes()).allMatch(RunMode::fresh);
      return confirmation;
    }
  }

  @Test
  void everyTimeTheSame() {
    Confirmation all = confirm(2, fails(STALE, 5), fails(STALE, 5));
    assertThat(all.exact()).isTrue();
    assertThat(all.last().hash()).isEqualTo(5);
  }

  @Test
  void anotherTitleIsNoConfirmation() {
    Confirmation some = confirm(3, fails(STALE, 5), fails(OTHER, 6), fails(STALE, 7));
    assertThat(some.failed()).isEqualTo(2);
    assertThat(some.runs()).isEqualTo(3);
    assertThat(some.oneHash()).isFalse();
    assertThat(some.exact()).isFalse();
  }

  @Test
  void aBrokenHarnessEndsIt() {
    Confirmation broken = confirm(5, run(new Verdict.Broken("no memory"), 0));
    assertThat(broken.runs()).isEqualTo(1);
    assertThat(broken.exact()).isFalse();
    assertThat(broken.last().broken()).isTrue();
  }
}
