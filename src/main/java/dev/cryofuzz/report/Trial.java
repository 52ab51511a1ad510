package dev.cryofuzz.report;

import java.util.Optional;

/**
 * What a variant should do, and what it did: a line of the selftest.
 *
 * @param expected the title that a bad variant must cause; empty for a good one
 * @param breaks what a freeze does not keep because of its bug, as the target names it
 * @param found the title that it caused
 * @param once a title that one run of a good variant had, with processes that nobody controls, and
 *     that replaying it never had
 * @param reproducer the scenario, as JSON, that caused either of the two
 * @param broken why nothing is known: it can't run here, or the fault is ours
 * @param opening whether every campaign begins with that scenario, whatever its seed
 */
public record Trial(
    String target,
    String variant,
    String memory,
    Optional<String> expected,
    Optional<String> breaks,
    Optional<String> found,
    Optional<String> once,
    Optional<String> reproducer,
    Optional<String> broken,
    boolean opening,
    long runs,
    long milliseconds) {

  /** The same, of which replaying has shown that the title does not come again. */
  public Trial seenOnce() {
    return new Trial(
        target,
        variant,
        memory,
        expected,
        breaks,
        Optional.empty(),
        found,
        reproducer,
        broken,
        opening,
        runs,
        milliseconds);
  }

  /** Whether it did what it should. */
  public boolean passed() {
    return broken.isEmpty() && expected.equals(found);
  }

  String result() {
    return broken
        .map(reason -> "not run: " + reason)
        .orElse(passed() ? "ok" + onceMore() : "FAILED: expected " + expected.orElse("no finding"));
  }

  private String onceMore() {
    return once.map(title -> ", but saw once, and never again: " + title).orElse("");
  }
}
