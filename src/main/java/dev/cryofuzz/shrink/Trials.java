package dev.cryofuzz.shrink;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tries whether candidates fail as the original did, that is, with its title; any other failure is
 * none. Nothing is run twice.
 */
final class Trials {
  private record Trial(Scenario scenario, boolean bySite) {}

  private final Executor executor;
  private final Title title;
  private final int tries;
  private final Map<Trial, Optional<Scenario>> known = new HashMap<>();
  private int runs;

  /**
   * @param tries how often a candidate may pass before it is believed: 1 where runs are controlled
   */
  Trials(Executor executor, Title title, int tries) {
    this.executor = executor;
    this.title = title;
    this.tries = tries;
  }

  int runs() {
    return runs;
  }

  /**
   * The candidate with its events where they took effect, and without those that did nothing, if it
   * fails so. Taking something away moves what comes after; so events are looked for by their sites
   * first, then at their points.
   */
  Optional<Scenario> failing(Scenario candidate) {
    return settled(candidate, true).or(() -> settled(candidate, false));
  }

  /** The settled form has to fail by itself, with points as anchors, for it will be replayed so. */
  private Optional<Scenario> settled(Scenario candidate, boolean bySite) {
    Optional<Scenario> before = effective(candidate, bySite);
    Optional<Scenario> after = before.flatMap(scenario -> effective(scenario, false));
    while (after.isPresent() && !after.equals(before) && isSmaller(after, before)) {
      before = after;
      after = before.flatMap(scenario -> effective(scenario, false));
    }
    return after.equals(before) ? after : Optional.empty();
  }

  private static boolean isSmaller(Optional<Scenario> one, Optional<Scenario> other) {
    return one.orElseThrow().events().size() < other.orElseThrow().events().size();
  }

  private Optional<Scenario> effective(Scenario candidate, boolean bySite) {
    boolean sited = bySite && candidate.events().stream().anyMatch(e -> e.at().site().isPresent());
    return known.computeIfAbsent(new Trial(candidate, sited), trial -> run(candidate, sited));
  }

  private Optional<Scenario> run(Scenario candidate, boolean bySite) {
    RunMode mode = bySite ? RunMode.KEPT.anchoredBySite() : RunMode.KEPT;
    for (int i = 0; i < tries; i++) {
      runs++;
      Run run = executor.run(candidate, mode);
      if (run.failedAs(title)) {
        return Optional.of(run.effective(candidate));
      }
    }
    return Optional.empty();
  }
}
