package dev.cryofuzz.explain;

/**
 * How probable it is that a failure which can be had all the same stays away by chance: how much a
 * number of runs without it tells.
 */
final class Odds {
  private static final double ROUNDING = 1e-9;

  private Odds() {}

  /** That so many runs pass which fail as often as those of the baseline. */
  static double missed(Exploration baseline, long runs) {
    return Math.pow(passing(baseline), runs);
  }

  /** So many runs without a failure leave no more than this risk. */
  static long needed(Exploration baseline, double risk) {
    return (long) Math.ceil(Math.log(risk) / Math.log(passing(baseline)) - ROUNDING);
  }

  /** What failed each time may yet pass once in a while: one of its runs counts as if it had. */
  private static double passing(Exploration baseline) {
    long passed = Math.max(1, baseline.runs() - baseline.failed());
    return passed / (double) Math.max(2, baseline.runs());
  }
}
