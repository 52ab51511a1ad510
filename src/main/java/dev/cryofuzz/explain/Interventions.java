package dev.cryofuzz.explain;

import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The interventions that mean something for a scenario, but for those at sites. */
final class Interventions {
  /** What is left out together: it is one hypothesis. */
  private record Kinds(String what, Set<ActionType> types) {}

  private static final List<Kinds> EXPLORED =
      List.of(
          new Kinds("switch", Set.of(ActionType.SWITCH, ActionType.DELAY)),
          new Kinds("stale load", Set.of(ActionType.STALE)),
          new Kinds("held store", Set.of(ActionType.HOLD)),
          new Kinds("early store", Set.of(ActionType.EARLY)));

  private static final List<Kinds> GIVEN =
      List.of(
          new Kinds("spurious failure", Set.of(ActionType.SPURIOUS)),
          new Kinds("damaged frame", ActionType.of(Family.FRAME)),
          new Kinds("signal", Set.of(ActionType.SIGNAL)),
          new Kinds("kill", Set.of(ActionType.KILL)),
          new Kinds("fault", Set.of(ActionType.FAIL, ActionType.SHORT)),
          new Kinds("passing of time", Set.of(ActionType.EXPIRE)),
          new Kinds("freeze", ActionType.of(Family.FREEZE)),
          new Kinds("move to another processor", ActionType.of(Family.MACHINE)));

  private final Scenario scenario;
  private final Shape shape;

  Interventions(Scenario scenario, Shape shape) {
    this.scenario = scenario;
    this.shape = shape;
  }

  /** In the order in which they are tried; the first is none. */
  List<Intervention> all() {
    List<Intervention> all = new ArrayList<>(List.of(new Intervention.Control()));
    all.addAll(memory());
    all.addAll(events());
    all.addAll(params());
    return all;
  }

  /** The strongest first. */
  private List<Intervention> memory() {
    return Arrays.stream(MemoryModel.values())
        .filter(model -> model.compareTo(scenario.memory()) < 0)
        .<Intervention>map(Intervention.Stronger::new)
        .toList();
  }

  /** Families that runs of the scenario can have. */
  private List<Intervention> events() {
    int actors = shape.actors(scenario.params()).size();
    Predicate<Kinds> possible =
        kinds -> kinds.types().stream().anyMatch(type -> shape.allows(type, actors));
    Predicate<Kinds> present =
        kinds ->
            scenario.events().stream().anyMatch(e -> kinds.types().contains(e.action().type()));
    List<Intervention> all = new ArrayList<>();
    Stream.concat(EXPLORED.stream().filter(possible), GIVEN.stream().filter(present))
        .map(kinds -> new Intervention.Without(kinds.what(), kinds.types()))
        .forEach(all::add);
    all.addAll(single());
    return all;
  }

  /** Of those that are given: which one is it? If there is one only that is its family. */
  private List<Intervention> single() {
    List<Event> given =
        scenario.events().stream()
            .filter(e -> e.action().family() != Family.MEMORY)
            .filter(
                e -> GIVEN.stream().anyMatch(kinds -> kinds.types().contains(e.action().type())))
            .toList();
    return given.size() < 2
        ? List.of()
        : given.stream().<Intervention>map(Intervention.WithoutEvent::new).toList();
  }

  private List<Intervention> params() {
    List<Intervention> all = new ArrayList<>();
    for (Param param : shape.params()) {
      int value = scenario.params().getOrDefault(param.name(), param.def());
      if (value != param.def()) {
        all.add(new Intervention.Default(param.name(), value, param.def()));
      }
    }
    return all;
  }
}
