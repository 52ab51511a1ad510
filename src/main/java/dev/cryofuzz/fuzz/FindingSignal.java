package dev.cryofuzz.fuzz;

import dev.cryofuzz.finding.Title;

/**
 * Tells Jazzer that a run failed. Jazzer tells findings apart by exception class and stack frames,
 * never by message, so the only frame here is one that no code has: named after the title.
 */
final class FindingSignal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FindingSignal(Title title) {
    super(title.text(), null, false, true);
    setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("finding." + title.kind(), title.site(), "scenario", 1)
        });
  }
}
