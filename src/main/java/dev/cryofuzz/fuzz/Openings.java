package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What every campaign begins with: the default run, each param at each of its values with all
 * others at their defaults, and each event of the vocabulary alone. So what one value or one event
 * brings out is found by enumeration; chance is for what takes several. Of a wide param only the
 * bounds are tried, of many events some, evenly.
 */
final class Openings {
  /**
   * Of a wider param no single value is a thing of its own: a seed, a number of bytes, the n-th
   * call.
   */
  private static final int MOST_VALUES = 32;

  /** Of a long run so many events, lest the slow targets begin for minutes. */
  static final int MOST_EVENTS = 256;

  private Openings() {}

  static List<Scenario> of(Shape shape) {
    List<Scenario> openings = new ArrayList<>();
    openings.add(shape.defaultRun());
    for (Param param : shape.params()) {
      values(param)
          .filter(value -> value != param.def())
          .mapToObj(value -> shape.defaultRun().withParam(param.name(), value))
          .forEach(openings::add);
    }
    return openings;
  }

  static List<Scenario> of(Shape shape, List<Event> vocabulary) {
    int every = 1 + (vocabulary.size() - 1) / MOST_EVENTS;
    return IntStream.range(0, vocabulary.size())
        .filter(i -> i % every == 0)
        .mapToObj(i -> shape.defaultRun().withEvents(List.of(vocabulary.get(i))))
        .toList();
  }

  private static IntStream values(Param param) {
    return (long) param.max() - param.min() < MOST_VALUES
        ? IntStream.rangeClosed(param.min(), param.max())
        : IntStream.of(param.min(), param.max());
  }
}
