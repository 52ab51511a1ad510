package dev.cryofuzz.report;

import java.util.Optional;

/**
 * What a variant should do, and what it did: a line of the selftest.
 *
 * @param expected the title that a bad variant must cause; empty for a good one
 * @param breaks what a freeze does not keep because of its bug, as the target names it
 * @param found the title that it caused
 * @param reproducer the scenario, as JSON, that caused the found title
 * @param broken why nothing is known: it can't run here, or the fault is ours
 */
public record Trial(
    String target,
    String variant,
    String memory,
    Optional<String> expected,
    Optional<String> breaks,
    Optional<String> found,
    Optional<String> reproducer,
    Optional<String> broken,
    long runs,
    long milliseconds) {

  /** Whether it did what it should. */
  public boolean passed() {
    return broken.isEmpty() && expected.equals(found);
  }

  String result() {
    return broken
        .map(reason -> "not run: " + reason)
        .orElse(passed() ? "ok" : "FAILED: expected " + expected.orElse("no finding"));
  }
}
