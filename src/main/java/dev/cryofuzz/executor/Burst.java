package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;

/**
 * What came of a burst: many runs around one scenario, up to the first that fails.
 *
 * @param runs made
 * @param verdict of the last one
 * @param hash of the last one
 * @param last its scenario if it failed, with all that the strategy has chosen as events; else the
 *     one that was given
 * @param complete n: all schedules with fewer than n more switches were run, and passed
 * @param schedules so many; of a sweep that was exhausted: its runs
 * @param exhausted nothing is left that the strategy could choose
 */
public record Burst(
    int runs,
    Verdict verdict,
    long hash,
    Scenario last,
    int complete,
    int schedules,
    boolean exhausted) {
  /** One without any run, or none of which is known. */
  static Burst none(Scenario scenario, Verdict verdict) {
    return new Burst(0, verdict, 0, scenario, 0, 0, false);
  }
}
