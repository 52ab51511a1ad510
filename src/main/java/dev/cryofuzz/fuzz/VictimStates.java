package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a process can be like when it is frozen: the values of its target's params, numbered. A
 * param with many values is a number of something, not a state.
 */
final class VictimStates {
  private static final int MANY = 16;

  private final Shape shape;
  private final List<Param> params;
  private final int[] firstOf;
  private final List<String> names = new ArrayList<>();
  private Map<String, Integer> lastParams;
  private int[] last;

  private VictimStates(Shape shape) {
    this.shape = shape;
    this.params = shape.params().stream().filter(VictimStates::isState).toList();
    this.firstOf = new int[params.size()];
    for (int i = 0; i < params.size(); i++) {
      Param param = params.get(i);
      firstOf[i] = names.size();
      for (int value = param.min(); value <= param.max(); value++) {
        names.add(param.name() + "=" + value);
      }
    }
  }

  static VictimStates of(Shape shape) {
    return new VictimStates(shape);
  }

  private static boolean isState(Param param) {
    return param.max() - param.min() < MANY;
  }

  int size() {
    return names.size();
  }

  /** As in "place=1". */
  String name(int state) {
    return names.get(state);
  }

  /** One state for each param. Remembers the last answer, as params rarely change. */
  int[] of(Scenario scenario) {
    if (!scenario.params().equals(lastParams)) {
      Map<String, Integer> values = shape.complete(scenario.params());
      last = new int[params.size()];
      for (int i = 0; i < last.length; i++) {
        Param param = params.get(i);
        last[i] = firstOf[i] + values.get(param.name()) - param.min();
      }
      lastParams = scenario.params();
    }
    return last;
  }
}
