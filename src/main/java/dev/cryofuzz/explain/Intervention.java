package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Circumstances;
import dev.cryofuzz.executor.SiteOrder;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A hypothesis: without this the failure could not be had. */
public sealed interface Intervention {
  Experiment on(Scenario scenario);

  /** Nothing that sets the scenario apart: the default run. It shows nothing but that it passes. */
  record Control() implements Intervention {
    @Override
    public Experiment on(Scenario scenario) {
      Scenario bare = scenario.withEvents(List.of()).withParams(Map.of());
      return Experiment.of(bare, new Circumstances(EnumSet.allOf(ActionType.class), List.of()));
    }
  }

  /** A stronger memory model. */
  record Stronger(MemoryModel model) implements Intervention {
    @Override
    public Experiment on(Scenario scenario) {
      return Experiment.of(scenario.withMemory(model));
    }
  }

  /**
   * No events of these kinds, neither given nor added.
   *
   * @param what as in "switch"
   */
  record Without(String what, Set<ActionType> types) implements Intervention {
    @Override
    public Experiment on(Scenario scenario) {
      return Experiment.of(scenario, new Circumstances(types, List.of()));
    }
  }

  /** All events but this one. */
  record WithoutEvent(Event event) implements Intervention {
    @Override
    public Experiment on(Scenario scenario) {
      return Experiment.of(
          scenario.withEvents(
              scenario.events().stream().filter(other -> !other.equals(event)).toList()));
    }
  }

  /**
   * A param has its default value.
   *
   * @param was the value that it has in the scenario
   */
  record Default(String param, int was, int value) implements Intervention {
    @Override
    public Experiment on(Scenario scenario) {
      return Experiment.of(scenario.withParam(param, value));
    }
  }

  /** Sites are ordered otherwise than their code says. */
  record Ordered(List<SiteOrder> orders) implements Intervention {
    public Ordered {
      orders = List.copyOf(orders);
    }

    @Override
    public Experiment on(Scenario scenario) {
      return Experiment.of(scenario, new Circumstances(Set.of(), orders));
    }
  }
}
