package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionField;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps the events but makes each simpler: its numbers smaller (a version less back, a store held
 * less long, rewritten to 0, frozen at once), its point earlier.
 */
final class SimplerEvents implements Pass {
  /** How many points before its own an event is tried at. */
  private static final int EARLIER = 24;

  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    return IntStream.range(0, scenario.events().size())
        .boxed()
        .flatMap(
            i -> {
              Event event = scenario.events().get(i);
              return Stream.concat(smaller(event), earlier(event))
                  .flatMap(simpler -> replaced(scenario, i, simpler));
            });
  }

  private static Stream<Event> smaller(Event event) {
    return Stream.concat(smallerNumbers(event), fewerSteps(event));
  }

  private static Stream<Event> smallerNumbers(Event event) {
    return IntStream.range(0, event.action().arguments().size())
        .boxed()
        .flatMap(i -> smaller(event, i));
  }

  private static Stream<Event> smaller(Event event, int argument) {
    ActionField field = event.action().type().fields().get(argument);
    if (!field.isNumber()) {
      return Stream.empty();
    }
    long least = event.action() instanceof Action.Ahead ? event.at().point() + 1L : field.min();
    long number = (Long) event.action().arguments().get(argument);
    return SmallerNumbers.of(number, least).mapToObj(lower -> with(event, argument, lower));
  }

  /** "here" is simpler than some instructions past it. */
  private static Stream<Event> fewerSteps(Event event) {
    return event.action() instanceof Action.Freeze freeze
        ? SmallerNumbers.of(freeze.where().number(), 0)
            .mapToObj(fewer -> event.withAction(freeze.withWhere(new Where((int) fewer))))
        : Stream.empty();
  }

  private static Event with(Event event, int argument, long value) {
    List<Object> arguments = new ArrayList<>(event.action().arguments());
    arguments.set(argument, value);
    return event.withAction(event.action().type().create(arguments));
  }

  private static Stream<Event> earlier(Event event) {
    int point = event.at().point();
    return IntStream.range(Math.max(0, point - EARLIER), point)
        .mapToObj(earlier -> new Event(Anchor.at(event.at().actor(), earlier), event.action()));
  }

  /** Nothing if another event of its kind is there already. */
  private static Stream<Scenario> replaced(Scenario scenario, int index, Event event) {
    List<Event> events = new ArrayList<>(scenario.events());
    events.remove(index);
    if (events.stream().anyMatch(event::clashesWith)) {
      return Stream.empty();
    }
    events.add(event);
    return Stream.of(scenario.withEvents(events));
  }
}
