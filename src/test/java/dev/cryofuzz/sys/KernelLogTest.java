package dev.cryofuzz.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelLogTest {
  @Test
  void aRecordIsALineAsDmesgShowsIt() {
    assertThat(KernelLog.line("4,1234,5000042,-;traps: victim[7] trap\n SUBSYSTEM=x\n"))
        .contains("[    5.000042] traps: victim[7] trap");
    assertThat(KernelLog.line("6,1,1,-,caller=T1;a;b")).contains("[    0.000001] a;b");
  }

  @Test
  void whatProgramsWriteThereIsNotTheKernels() {
    assertThat(KernelLog.line("12,1,1,-;systemd[1]: started")).isEmpty();
    assertThat(KernelLog.line("nonsense")).isEmpty();
  }

  /** Nobody may read it everywhere; who may sees nothing old. */
  @Test
  void whatWasLoggedBeforeIsNotShown() {
    try (KernelLog log = KernelLog.fromNow()) {
      assertThat(log.lines()).hasSizeLessThan(100);
      assertThat(log.refusal().map(reason -> reason.startsWith("/dev/kmsg: ")).orElse(true))
          .isTrue();
    }
  }
}
