package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Takes events away: all of them, whole families, then smaller and smaller parts down to one. */
final class FewerEvents implements Pass {
  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    int events = scenario.events().size();
    if (events == 0) {
      return Stream.empty();
    }
    return Stream.of(
            Stream.of(scenario.withEvents(List.of())),
            families(scenario),
            partSizes(events).boxed().flatMap(size -> withoutEachPart(scenario, size)))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Scenario> families(Scenario scenario) {
    return Arrays.stream(Family.values())
        .filter(family -> scenario.events().stream().anyMatch(of(family)))
        .map(family -> keep(scenario, of(family).negate()));
  }

  private static Predicate<Event> of(Family family) {
    return event -> event.action().family() == family;
  }

  private static Scenario keep(Scenario scenario, Predicate<Event> kept) {
    return scenario.withEvents(scenario.events().stream().filter(kept).toList());
  }

  private static IntStream partSizes(int events) {
    return IntStream.iterate((events + 1) / 2, size -> size > 1, size -> (size + 1) / 2);
  }

  private static Stream<Scenario> withoutEachPart(Scenario scenario, int size) {
    int events = scenario.events().size();
    return IntStream.iterate(0, from -> from < events, from -> from + size)
        .mapToObj(from -> without(scenario, from, Math.min(events, from + size)));
  }

  static Scenario without(Scenario scenario, int from, int to) {
    List<Event> rest = new ArrayList<>(scenario.events());
    rest.subList(from, to).clear();
    return scenario.withEvents(rest);
  }
}
