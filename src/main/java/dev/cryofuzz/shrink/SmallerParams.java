package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.stream.Stream;

/** Lowers params, one at a time. */
final class SmallerParams implements Pass {
  private final Shape shape;

  SmallerParams(Shape shape) {
    this.shape = shape;
  }

  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    return shape.params().stream().flatMap(param -> lowered(scenario, param));
  }

  private static Stream<Scenario> lowered(Scenario scenario, Param param) {
    int value = scenario.params().getOrDefault(param.name(), param.def());
    return SmallerNumbers.of(value, param.min())
        .mapToObj(lower -> scenario.withParam(param.name(), (int) lower));
  }
}
