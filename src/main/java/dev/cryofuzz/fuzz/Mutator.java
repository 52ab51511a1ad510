package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Changes scenarios in ways that keep what they have reached: one more event, one less, one at
 * another point or with another number, another param. All randomness comes from the caller.
 */
final class Mutator {
  /** More events only hide which of them matter. */
  static final int MAX_EVENTS = 16;

  private static final int NEARBY = 3;
  private static final int WEIGHTS = 100;
  private static final int LEAST_OF_PARAMS = 8;
  private static final int MOST_OF_PARAMS = 30;

  /** Where params are all there is, so many are set in the end. */
  private static final int USUAL_PARAMS = 3;

  private final Shape shape;
  private final List<Event> vocabulary;
  private final ScenarioBytes form;
  private Map<String, Integer> lastParams;
  private List<String> lastActors;

  Mutator(Shape shape, List<Event> vocabulary) {
    this.shape = shape;
    this.vocabulary = List.copyOf(vocabulary);
    this.form = new ScenarioBytes(shape);
  }

  /** One or more changes; one is the most likely. */
  Scenario mutate(Scenario scenario, RandomGenerator random) {
    Scenario result = scenario;
    do {
      result = change(result, random);
    } while (random.nextInt(3) == 0);
    return result;
  }

  /** Events of both, each taken or left; where there are none, params. */
  Scenario cross(Scenario first, Scenario second, RandomGenerator random) {
    if (vocabulary.isEmpty()) {
      return mutate(paramsOfBoth(first, second, random), random);
    }
    Scenario parent = random.nextBoolean() ? first : second;
    List<Event> both = new ArrayList<>(first.events());
    both.addAll(second.events());
    both.removeIf(event -> random.nextInt(4) == 0);
    return with(parent, few(both, random));
  }

  private static List<Event> few(List<Event> events, RandomGenerator random) {
    while (events.size() > MAX_EVENTS) {
      events.remove(random.nextInt(events.size()));
    }
    return events;
  }

  private Scenario change(Scenario scenario, RandomGenerator random) {
    List<Event> events = new ArrayList<>(scenario.events());
    int what = random.nextInt(WEIGHTS);
    if (vocabulary.isEmpty()) {
      return shape.params().isEmpty() ? scenario : withParamSetOrNot(scenario, random);
    }
    if (!shape.params().isEmpty() && what < paramWeight()) {
      return withOtherParam(scenario, random);
    }
    if (what < 60 || events.isEmpty()) {
      events.add(likely(random));
    } else if (what < 75) {
      events.remove(random.nextInt(events.size()));
    } else if (what < 85) {
      events.set(random.nextInt(events.size()), likely(random));
    } else if (what < 95) {
      int index = random.nextInt(events.size());
      events.set(index, moved(events.get(index), random));
    } else {
      events.addAll(arbitrary(scenario, random));
    }
    return with(scenario, few(events, random));
  }

  /** The more there is to set, the more often something is set. */
  private int paramWeight() {
    return Math.min(MOST_OF_PARAMS, Math.max(LEAST_OF_PARAMS, 2 * shape.params().size()));
  }

  private Event likely(RandomGenerator random) {
    Event event = vocabulary.get(random.nextInt(vocabulary.size()));
    return random.nextInt(4) == 0 ? moved(event, random) : event;
  }

  private static Event moved(Event event, RandomGenerator random) {
    int point = event.at().point() + random.nextInt(-NEARBY, NEARBY + 1);
    int kept = Math.max(0, Math.min(Anchor.MAX_POINT - 1, point));
    Action action =
        event.action() instanceof Action.Ahead ahead
            ? ahead.withLater(Math.min(Anchor.MAX_POINT, kept + ahead.later() - event.at().point()))
            : event.action();
    return Event.of(event.at().actor(), kept, action);
  }

  /** What random bytes say: anything at all. */
  private List<Event> arbitrary(Scenario scenario, RandomGenerator random) {
    byte[] params = form.encode(scenario.withEvents(List.of()));
    byte[] bytes = Arrays.copyOf(params, params.length + 6);
    for (int i = params.length; i < bytes.length; i++) {
      bytes[i] = (byte) (i == params.length ? random.nextInt() | 0x80 : random.nextInt(128));
    }
    return form.decode(bytes).events();
  }

  private Scenario paramsOfBoth(Scenario first, Scenario second, RandomGenerator random) {
    Map<String, Integer> others = shape.complete(second.params());
    Scenario child = first;
    for (Param param : shape.params()) {
      if (random.nextBoolean()) {
        child = child.withParam(param.name(), others.get(param.name()));
      }
    }
    return child;
  }

  /**
   * The more params are set, the likelier one of them is put back: a failure needs one or two, and
   * with few of them a run is short. The last one is not: the default run is known.
   */
  private Scenario withParamSetOrNot(Scenario scenario, RandomGenerator random) {
    Map<String, Integer> values = shape.complete(scenario.params());
    List<Param> set =
        shape.params().stream().filter(param -> values.get(param.name()) != param.def()).toList();
    int which = random.nextInt(set.size() + USUAL_PARAMS);
    if (which >= set.size() || set.size() == 1) {
      return withOtherParam(scenario, random);
    }
    return scenario.withParam(set.get(which).name(), set.get(which).def());
  }

  private Scenario withOtherParam(Scenario scenario, RandomGenerator random) {
    Param param = shape.params().get(random.nextInt(shape.params().size()));
    int now = shape.complete(scenario.params()).get(param.name());
    Scenario other = scenario.withParam(param.name(), otherValue(param, now, random));
    return with(other, other.events());
  }

  /** The next one, the one before, or any. */
  private static int otherValue(Param param, int now, RandomGenerator random) {
    int next = random.nextBoolean() ? now + 1 : now - 1;
    return random.nextBoolean() && param.accepts(next)
        ? next
        : random.nextInt(param.min(), param.max() + 1);
  }

  /** Only events that mean something where these actors play, one of a kind at a point. */
  private Scenario with(Scenario scenario, List<Event> events) {
    List<String> actors = actors(scenario.params());
    List<Event> kept = new ArrayList<>();
    for (Event event : events) {
      if (shape.allows(event, actors)) {
        event.insertInto(kept);
      }
    }
    return scenario.withEvents(kept);
  }

  /** Remembers the last answer, as params rarely change. */
  private List<String> actors(Map<String, Integer> params) {
    if (!params.equals(lastParams)) {
      lastActors = shape.actors(params);
      lastParams = params;
    }
    return lastActors;
  }
}
