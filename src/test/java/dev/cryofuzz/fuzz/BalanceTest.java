package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BalanceTest {
  private static final int BURST = 500;

  /** The part of the time that bursts got, in the later half of a campaign. */
  private static double shareOf(Balance balance, BooleanSupplier news, int newsOfBurst) {
    long bursts = 0;
    long all = 0;
    for (int i = 0; i < 200_000; i++) {
      boolean late = i >= 100_000;
      balance.ran(news.getAsBoolean());
      all += late ? Balance.SCENARIO : 0;
      if (balance.wantsBurst()) {
        balance.burst(BURST, newsOfBurst);
        bursts += late ? BURST : 0;
        all += late ? BURST : 0;
      }
    }
    return (double) bursts / all;
  }

  @ParameterizedTest
  @CsvSource({
    // who reaches something, whether messages can be changed, what bursts get
    "nobody,    false, 0.8",
    "nobody,    true,  0.5",
    "scenarios, false, 0.1",
    "scenarios, true,  0.1",
    "bursts,    false, 0.9",
    "bursts,    true,  0.9",
  })
  void whoReachesMoreGetsMore(String who, boolean framed, double share) {
    double got =
        shareOf(new Balance(framed), () -> who.equals("scenarios"), who.equals("bursts") ? 50 : 0);
    assertThat(got).isBetween(share - 0.05, share + 0.05);
  }
}
