package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Circumstances;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;

/**
 * What is explored: a scenario whose switches and reorderings are left to the explorer, and the
 * same with those that it failed with, as far as they are allowed. Events shift when anything else
 * changes, so near them a failure may be missing for no reason; but if there is one, there is one.
 */
public record Experiment(Scenario scenario, Scenario near, Circumstances circumstances) {
  /** As the scenario is. */
  static Experiment of(Scenario scenario) {
    return of(scenario, Circumstances.USUAL);
  }

  static Experiment of(Scenario scenario, Circumstances circumstances) {
    List<Event> possible =
        scenario.events().stream()
            .filter(event -> !circumstances.without().contains(event.action().type()))
            .toList();
    List<Event> given = possible.stream().filter(event -> !isExplored(event)).toList();
    Scenario bare = scenario.withoutExpect();
    return new Experiment(bare.withEvents(given), bare.withEvents(possible), circumstances);
  }

  private static boolean isExplored(Event event) {
    return event.action().family() == Family.SCHEDULE || event.action().family() == Family.MEMORY;
  }
}
