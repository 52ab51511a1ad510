package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import java.util.List;

/**
 * What has come of many runs around one scenario.
 *
 * @param made runs that were made since this was last asked
 * @param runs all of them
 * @param others runs that ended in more ways than are told apart
 * @param impossible runs that are left out: only a broken address dependency could be so
 * @param complete n: all runs with fewer than n more events were made
 * @param covered so many
 * @param exhausted there are no other runs
 * @param verdict of the last one
 */
public record Outcomes(
    List<Outcome> seen,
    int made,
    long runs,
    long others,
    int impossible,
    int complete,
    long covered,
    boolean exhausted,
    Verdict verdict) {
  public Outcomes {
    seen = List.copyOf(seen);
  }

  /** None, and why. */
  static Outcomes none(Verdict verdict) {
    return new Outcomes(List.of(), 0, 0, 0, 0, 0, 0, false, verdict);
  }
}
