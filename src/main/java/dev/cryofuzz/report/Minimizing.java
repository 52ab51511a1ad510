package dev.cryofuzz.report;

import java.util.Locale;

/**
 * What it took to make a scenario small.
 *
 * @param runs of candidates
 * @param complete whether nothing more could be taken away; false if it was stopped before
 * @param tries how often a candidate may pass before it is taken for one that passes
 * @param missed how probable it is that one which fails as often as the original is taken so
 */
public record Minimizing(int runs, long milliseconds, boolean complete, int tries, double missed) {
  /** As in "63 runs, 0.1 s, nothing more can go". */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%,d runs, %.1f s, %s%s",
        runs,
        milliseconds / 1000.0,
        complete ? "nothing more can go" : "stopped before its end",
        tries == 1 ? "" : flaky());
  }

  private String flaky() {
    return String.format(
        Locale.ROOT,
        "; each candidate up to %d times: of those that fail as often, %.0f%% are missed",
        tries,
        100 * missed);
  }
}
