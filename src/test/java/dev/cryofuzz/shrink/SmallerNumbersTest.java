package dev.cryofuzz.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmallerNumbersTest {
  @Test
  void fewOnesFromTheLeastOnAndThePredecessor() {
    assertThat(SmallerNumbers.of(9, 1)).containsExactly(1L, 2L, 3L, 5L, 8L);
    assertThat(SmallerNumbers.of(2, 1)).containsExactly(1L);
    assertThat(SmallerNumbers.of(1, 1)).isEmpty();
    assertThat(SmallerNumbers.of(0xffff_ffffL, 0)).hasSizeLessThan(40).startsWith(0L, 1L, 2L, 4L);
  }
}
