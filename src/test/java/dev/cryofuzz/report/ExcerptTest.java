package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void theMiddleIsLeftOut() {
    assertThat(Excerpt.middle("1\n2\n3\n4\n5\n6\n", 8, "log"))
        .isEqualTo("1\n2\n(… 2 lines are left out here; all are in log)\n5\n6\n");
  }

  @Test
  void whatFitsStaysAsItIs() {
    assertThat(Excerpt.middle("1\n2\n", 4, "log")).isEqualTo("1\n2\n");
  }

  @Test
  void aLineThatIsTooLongIsLeftOut() {
    assertThat(Excerpt.middle("x".repeat(100), 50, "log"))
        .isEqualTo("\n(… 1 lines are left out here; all are in log)\n\n");
  }
}
