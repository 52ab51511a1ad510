package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.List;
import java.util.function.ToIntBiFunction;

/** The same with smaller params, as far as its events are possible then: in its time more runs. */
final class Smaller {
  private Smaller() {}

  /** Each param halfway down. */
  static Scenario half(Scenario scenario, Shape shape) {
    return with(scenario, shape, (param, value) -> value - (value - param.min()) / 2);
  }

  static Scenario least(Scenario scenario, Shape shape) {
    return with(scenario, shape, (param, value) -> param.min());
  }

  private static Scenario with(
      Scenario scenario, Shape shape, ToIntBiFunction<Param, Integer> size) {
    Scenario smaller = scenario;
    for (Param param : shape.params()) {
      int value = shape.complete(scenario.params()).get(param.name());
      smaller = smaller.withParam(param.name(), size.applyAsInt(param, value));
    }
    List<String> actors = shape.actors(smaller.params());
    return smaller.withEvents(
        scenario.events().stream().filter(event -> shape.allows(event, actors)).toList());
  }
}
