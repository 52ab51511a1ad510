package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.util.Comparator;

/**
 * Which of two scenarios explains a failure better; the lesser one does. First the memory model,
 * which names the class of the failure, then the number of events, then all other numbers. As only
 * simpler scenarios are accepted, minimizing ends whatever the target does.
 */
final class Simplicity {
  static final Comparator<Scenario> ORDER =
      Comparator.comparing(Scenario::memory)
          .thenComparing(scenario -> scenario.events().size())
          .thenComparing(Simplicity::params)
          .thenComparing(Simplicity::arguments)
          .thenComparing(Simplicity::points);

  private Simplicity() {}

  static boolean simpler(Scenario candidate, Scenario than) {
    return ORDER.compare(candidate, than) < 0;
  }

  private static long params(Scenario scenario) {
    return scenario.params().values().stream().mapToLong(Integer::longValue).sum();
  }

  private static long arguments(Scenario scenario) {
    return scenario.events().stream().mapToLong(Simplicity::arguments).sum();
  }

  private static long arguments(Event event) {
    long steps = event.action() instanceof Action.Freeze freeze ? freeze.where().number() : 0;
    return event.action().arguments().stream()
        .mapToLong(argument -> argument instanceof Long number ? number : 0)
        .reduce(steps, Long::sum);
  }

  private static long points(Scenario scenario) {
    return scenario.events().stream().mapToLong(event -> event.at().point()).sum();
  }
}
