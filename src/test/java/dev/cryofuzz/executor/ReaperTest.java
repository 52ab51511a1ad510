package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Timeline;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A parent with real children: what its trace tells of them. */
@Tag("process")
@Timeout(60)
class ReaperTest {
  /** That one has stopped only, and is taken for ended, is the bug. */
  @Test
  void aWaitTellsWhichChildHasChanged() {
    Map<String, Integer> params = Map.of("children", 2, "interrupts", 0, "last", 0, "stops", 1);
    Scenario scenario = Scenario.of("reaper", "stop-is-end", MemoryModel.SC).withParams(params);
    try (NativeExecutor executor =
        Targets.here().openNative("reaper", NativeExecutor.Options.anywhere())) {
      TracedRun traced = executor.runTraced(scenario, RunMode.KEPT);

      assertThat(Timeline.render(traced.trace(), scenario))
          .contains("wait for any child: child 0 has stopped");
    }
  }
}
