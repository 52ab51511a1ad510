package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The same run again without what is thought to be the cause: a failure that stays has another one.
 *
 * @param without what was left out, as in "the events"
 * @param rate how often it failed nevertheless
 */
public record Control(String without, Rate rate) {
  /** What is done to a process from outside; the schedule and the memory are its own. */
  private static final Set<Family> OWN = EnumSet.of(Family.SCHEDULE, Family.MEMORY);

  /** A run to compare with. */
  public record Plan(String without, Scenario scenario) {}

  /**
   * Without the events that disturb, where there are any, else without all; where there is no
   * event, with the params of the default run. Nothing is left out of the default run itself.
   */
  public static Optional<Plan> plan(Scenario scenario, Map<String, Integer> defaults) {
    List<Event> events = scenario.events();
    if (events.isEmpty()) {
      return scenario.params().entrySet().stream().allMatch(defaults.entrySet()::contains)
          ? Optional.empty()
          : Optional.of(new Plan("these params", scenario.withParams(defaults)));
    }
    List<Event> kept =
        events.stream().filter(event -> OWN.contains(event.action().type().family())).toList();
    return kept.isEmpty() || kept.size() == events.size()
        ? Optional.of(new Plan("the events", scenario.withEvents(List.of())))
        : Optional.of(
            new Plan("the events that disturb, with the others", scenario.withEvents(kept)));
  }

  /** As in "0/10 without the events". */
  String text() {
    return rate.text() + " without " + without;
  }
}
