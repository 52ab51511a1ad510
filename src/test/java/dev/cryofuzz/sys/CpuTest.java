package dev.cryofuzz.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CpuTest {
  @Test
  void pinningBindsThisThreadUntilItIsUndone() {
    var before = Cpu.usable();
    int last = before.get(before.size() - 1);
    Cpu.Pin pin = Cpu.pin(last);
    try {
      assertThat(Cpu.usable()).containsExactly(last);
    } finally {
      pin.close();
    }
    assertThat(Cpu.usable()).isEqualTo(before);
  }

  @Test
  void aProcessorThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> Cpu.pin(8000))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("sched_setaffinity");
  }
}
