package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;

/**
 * What came of a burst: many runs around one scenario, up to the first that fails in a way that no
 * earlier burst of this executor has told.
 *
 * @param runs made
 * @param points that they had
 * @param verdict of the last one
 * @param hash of the last one
 * @param last its scenario if it failed, with all that the strategy has chosen as events; else the
 *     one that was given
 * @param complete n: all schedules with fewer than n more switches were run, and passed
 * @param schedules so many; of a sweep that was exhausted: its runs
 * @param exhausted nothing is left that the strategy could choose
 * @param by whose run the last one was
 * @param shares of all strategies that had any
 * @param told runs that failed in a way that was told earlier
 */
public record Burst(
    int runs,
    long points,
    Verdict verdict,
    long hash,
    Scenario last,
    int complete,
    int schedules,
    boolean exhausted,
    Strategy by,
    List<Share> shares,
    int told) {
  /**
   * How much it may take. A few runs there are, however long.
   *
   * @param squares the points of each run, squared, may come to that together, 0 = any
   */
  public record Budget(int runs, long squares) {
    public static Budget of(int runs) {
      return new Budget(runs, 0);
    }
  }

  /**
   * What a strategy did.
   *
   * @param news those of its runs that reached what none had reached before
   */
  public record Share(Strategy strategy, int runs, int news) {}

  public Burst {
    shares = List.copyOf(shares);
  }

  /** One without any run, or none of which is known. */
  static Burst none(Scenario scenario, Verdict verdict) {
    return new Burst(0, 0, verdict, 0, scenario, 0, 0, false, Strategy.NONE, List.of(), 0);
  }

  /** Runs that reached what none had reached before. */
  public int news() {
    return shares.stream().mapToInt(Share::news).sum();
  }

  public boolean isNews() {
    return !(verdict instanceof Verdict.Pass) || news() > 0;
  }
}
