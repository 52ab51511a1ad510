package dev.cryofuzz.executor;

/**
 * How reliably a scenario fails.
 *
 * @param failed how many of the runs failed with the title
 * @param oneHash whether all failing runs had the same trace
 * @param last one of the failing runs, else the last of all
 */
public record Confirmation(int failed, int runs, boolean oneHash, Run last) {
  /** Whether it failed every time, in the same way to the last step. */
  public boolean exact() {
    return failed == runs && oneHash;
  }
}
