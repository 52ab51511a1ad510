package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuLoadTest {
  private static final String BEFORE =
      """
      cpu  9 9 9 300 9
      cpu0 3 3 3 100 3
      cpu1 3 3 3 200 3
      intr 1 2 3
      """;

  @Test
  void theOneWithLeastToDoSinceThen() {
    CpuLoad load = CpuLoad.of(BEFORE);
    assertThat(load.idlest(List.of(0, 1), BEFORE.replace("100", "150"))).isZero();
    assertThat(load.idlest(List.of(0, 1), BEFORE.replace("200", "201"))).isEqualTo(1);
    assertThat(load.idlest(List.of(1), BEFORE.replace("100", "150"))).isEqualTo(1);
  }

  @Test
  void equalOnesAndAMachineThatDoesNotSay() {
    assertThat(CpuLoad.of(BEFORE).idlest(List.of(0, 1), BEFORE)).isZero();
    assertThat(CpuLoad.of("").idlest(List.of(3, 4), "")).isEqualTo(3);
    assertThat(CpuLoad.begin().idlest(List.of(0))).isZero();
  }
}
