package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lets one actor less play a role that several play, whichever it is: the numbers of those behind
 * it move up, in the events too.
 */
final class FewerActors implements Pass {
  private final Shape shape;

  FewerActors(Shape shape) {
    this.shape = shape;
  }

  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    return shape.roles().stream()
        .filter(role -> role.count().isPresent())
        .flatMap(role -> fewer(scenario, role));
  }

  private Stream<Scenario> fewer(Scenario scenario, Role role) {
    Param count = param(role.count().orElseThrow());
    int actors = scenario.params().getOrDefault(count.name(), count.def());
    if (actors <= count.min()) {
      return Stream.empty();
    }
    return IntStream.range(0, actors)
        .map(i -> actors - 1 - i)
        .mapToObj(gone -> without(scenario, role.name(), gone, actors))
        .map(less -> less.withParam(count.name(), actors - 1));
  }

  private Param param(String name) {
    return shape.params().stream()
        .filter(param -> param.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Scenario without(Scenario scenario, String role, int gone, int actors) {
    String goneName = role + gone;
    UnaryOperator<String> rename =
        name -> {
          for (int i = gone + 1; i < actors; i++) {
            if (name.equals(role + i)) {
              return role + (i - 1);
            }
          }
          return name;
        };
    List<Event> kept = new ArrayList<>();
    for (Event event : scenario.events()) {
      if (!involves(event, goneName)) {
        kept.add(renamed(event, rename));
      }
    }
    return scenario.withEvents(kept);
  }

  private static boolean involves(Event event, String actor) {
    return event.at().actor().equals(actor)
        || event.action() instanceof Action.Switch to && to.to().equals(actor);
  }

  private static Event renamed(Event event, UnaryOperator<String> rename) {
    Anchor at = event.at();
    Anchor moved = new Anchor(rename.apply(at.actor()), at.point(), at.site(), at.nth());
    return event.action() instanceof Action.Switch to
        ? new Event(moved, new Action.Switch(rename.apply(to.to())))
        : new Event(moved, event.action());
  }
}
