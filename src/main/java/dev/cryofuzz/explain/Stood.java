package dev.cryofuzz.explain;

import dev.cryofuzz.target.Load;

/** A load that the target was put under with what cures the failure, and what came of it. */
public record Stood(Load load, Exploration seen) {
  /** Nothing failed, and what had to come came. */
  public boolean stands() {
    return seen.trouble().isEmpty()
        && seen.failed() == 0
        && seen.others().isEmpty()
        && load.reaches().map(fact -> reached(fact) > 0).orElse(true);
  }

  /** Runs in which it was so. */
  public long reached(String fact) {
    return seen.facts().all().getOrDefault(fact, 0L);
  }
}
