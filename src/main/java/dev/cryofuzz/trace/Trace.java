package dev.cryofuzz.trace;

import java.util.List;

/**
 * The steps of a run in the order in which they happened.
 *
 * @param hash of all steps and the outcome; the same run has the same hash
 * @param cut whether the first steps are missing because the run was longer than the ring
 */
public record Trace(List<String> actors, List<Step> steps, long hash, boolean cut) {
  public Trace {
    actors = List.copyOf(actors);
    steps = List.copyOf(steps);
    for (Step step : steps) {
      if (step.actor() < 0 || step.actor() >= actors.size()) {
        throw new IllegalArgumentException("actor=" + step.actor() + ": of " + actors.size());
      }
    }
  }

  public String actor(Step step) {
    return actors.get(step.actor());
  }

  /** The hash as people see it. */
  public String hashText() {
    return String.format("%016x", hash);
  }
}
