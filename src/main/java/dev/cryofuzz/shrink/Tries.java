package dev.cryofuzz.shrink;

/**
 * How often a candidate may pass before it is believed to pass.
 *
 * @param times 1 where a scenario fails in the same way every time
 * @param missed how probable it is that a candidate which fails as often as the original is taken
 *     for one that passes
 */
public record Tries(int times, double missed) {
  public static final Tries ONE = new Tries(1, 0);

  /**
   * One candidate in twenty may be lost: what is left then is larger than it need be, not wrong.
   */
  private static final double RISK = 0.05;

  private static final int MOST = 60;

  /** For what failed so often of so many, with one trace or with different ones. */
  public static Tries of(int failed, int runs, boolean exact) {
    if (exact) {
      return ONE;
    }
    // What failed each time may yet pass once in a while: one of its runs counts as if it had.
    double passes = Math.max(1, runs - failed) / (double) Math.max(2, runs);
    int times = (int) Math.ceil(Math.log(RISK) / Math.log(passes));
    int most = Math.min(MOST, Math.max(1, times));
    return new Tries(most, Math.pow(passes, most));
  }
}
