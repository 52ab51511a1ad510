package dev.cryofuzz.executor;

/**
 * How a scenario is run.
 *
 * @param fresh in new processes instead of those kept from the run before
 * @param feedback whether the feedback counters are filled
 * @param audit whether accesses to the shared segment that no hook announces are looked for
 * @param bySite whether events that have a site are found by it, instead of by their points: on
 *     another build than they were saved from, and while events are being taken away
 * @param scheduling whether the table of what the kernel's scheduler did is kept
 */
public record RunMode(
    boolean fresh, boolean feedback, boolean audit, boolean bySite, boolean scheduling) {
  public static final RunMode KEPT = new RunMode(false, false, false, false, false);
  public static final RunMode FRESH = new RunMode(true, false, false, false, false);

  public RunMode withFeedback() {
    return new RunMode(fresh, true, audit, bySite, scheduling);
  }

  public RunMode withAudit() {
    return new RunMode(fresh, feedback, true, bySite, scheduling);
  }

  public RunMode withScheduling() {
    return new RunMode(fresh, feedback, audit, bySite, true);
  }

  public RunMode anchoredBySite() {
    return new RunMode(fresh, feedback, audit, true, scheduling);
  }
}
