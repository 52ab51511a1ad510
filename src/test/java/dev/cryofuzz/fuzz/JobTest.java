package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.target.TargetDescription;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobTest {
  @Test
  void movesAreForWhoeverAsksForThem() {
    TargetDescription target = Descriptions.QUEUE;
    assertThat(extras(target, Set.of())).isEmpty();
    assertThat(extras(target, ActionType.of(Family.MACHINE))).containsExactly(ActionType.AFFINITY);
  }

  @Test
  void aTargetThatDependsOnProcessorsAlwaysHasThem() {
    TargetDescription target = Descriptions.queuePerProcessor();
    assertThat(extras(target, Set.of())).containsExactly(ActionType.AFFINITY);
    assertThat(extras(target, Set.of(ActionType.STOP)))
        .containsExactlyInAnyOrder(ActionType.AFFINITY, ActionType.STOP);
  }

  @Test
  void aTargetThatHasAlarmsAlwaysLetsTimePass() {
    TargetDescription target = Descriptions.queueWithAlarms();
    assertThat(extras(target, Set.of())).containsExactly(ActionType.EXPIRE);
  }

  private static Set<ActionType> extras(TargetDescription target, Set<ActionType> asked) {
    return new Job(target, target.defaultVariant(), MemoryModel.SC, asked, Set.of())
        .shape()
        .extras();
  }
}
