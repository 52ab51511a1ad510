package dev.cryofuzz.shrink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriesTest {
  @ParameterizedTest
  @CsvSource({"9, 2, 0.01", "5, 5, 0.031", "3, 9, 0.040", "1, 29, 0.047", "10, 2, 0.01"})
  void oneInTwentyIsMissedAtMost(int failed, int times, double missed) {
    Tries tries = Tries.of(failed, 10, false);
    assertThat(tries.times()).isEqualTo(times);
    assertThat(tries.missed()).isCloseTo(missed, within(0.001));
  }

  @Test
  void whatFailsInOneWayIsTriedOnce() {
    assertThat(Tries.of(10, 10, true)).isEqualTo(Tries.ONE);
  }

  @Test
  void theRarestIsTriedNoMoreThanSixtyTimesAndTheRiskIsSaid() {
    Tries tries = Tries.of(1, 100, false);
    assertThat(tries.times()).isEqualTo(60);
    assertThat(tries.missed()).isCloseTo(0.547, within(0.001));
  }
}
