package dev.cryofuzz.report;

/** How often something failed in the same way: k of n. */
public record Rate(int failed, int runs) {
  public Rate {
    if (failed < 0 || failed > runs) {
      throw new IllegalArgumentException("failed=" + failed + ": expected 0 to " + runs);
    }
  }

  /** As in "10/10". */
  public String text() {
    return failed + "/" + runs;
  }

  /** As in "10 of 10 times". */
  String words() {
    return failed + " of " + runs + (runs == 1 ? " time" : " times");
  }
}
