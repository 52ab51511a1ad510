package dev.cryofuzz.fuzz;

/**
 * Shares the time between scenarios that libFuzzer has changed and the runs of bursts around them:
 * whoever has lately reached more for its time gets more. Time is counted in runs, never taken from
 * a clock, so that the same campaign does the same.
 */
final class Balance {
  /** By itself a scenario takes as long as so many runs of a burst, for its way to the executor. */
  static final int SCENARIO = 30;

  /** Of what was reached so many runs ago a third still counts. */
  private static final double MEMORY = 20_000;

  /** Who has had less time than that is believed to do as expected. */
  private static final double TRUST = 5_000;

  private static final double LEAST = 0.1;

  private final Side scenarios = new Side(1);
  private final Side bursts;

  /**
   * @param framed whether there are messages to be changed, which no strategy does; where all else
   *     is schedules, bursts are the better bet
   */
  Balance(boolean framed) {
    bursts = new Side(framed ? 1 : 9);
  }

  boolean wantsBurst() {
    double share = share();
    return bursts.time * (1 - share) <= scenarios.time * share;
  }

  /** Of the time, for bursts. */
  double share() {
    double share = bursts.worth() / (bursts.worth() + scenarios.worth());
    return Math.max(LEAST, Math.min(1 - LEAST, share));
  }

  /** A scenario was run by itself. */
  void ran(boolean news) {
    spent(scenarios, SCENARIO, news ? 1 : 0);
  }

  /**
   * @param runs as if each were as long as the default run
   * @param news those that reached what none had reached before
   */
  void burst(int runs, int news) {
    spent(bursts, runs, news);
  }

  private void spent(Side side, int time, int news) {
    double left = StrictMath.exp(-time / MEMORY);
    scenarios.fade(left);
    bursts.fade(left);
    side.time += time;
    side.news += news;
  }

  private static final class Side {
    private final double expected;
    private double time;
    private double news;

    Side(double expected) {
      this.expected = expected;
    }

    void fade(double left) {
      time *= left;
      news *= left;
    }

    double worth() {
      return (news + expected) / (time + TRUST);
    }
  }
}
