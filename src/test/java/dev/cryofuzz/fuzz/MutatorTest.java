package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MutatorTest {
  private static final Shape SHAPE = VocabularyTest.shape(MemoryModel.WEAK);
  private static final Event STALE = Event.of("a", 5, new Action.Stale(1));
  private static final Event HOLD = Event.of("b0", 2, new Action.Hold(4));
  private static final Mutator MUTATOR = new Mutator(SHAPE, List.of(STALE, HOLD));

  @Test
  void whateverComesOutCanBeSaidInBytesAgain() {
    SplittableRandom random = new SplittableRandom(1);
    ScenarioBytes form = new ScenarioBytes(SHAPE);
    Scenario scenario = SHAPE.defaultRun();
    for (int i = 0; i < 20_000; i++) {
      scenario = MUTATOR.mutate(scenario, random);
      assertThat(form.decode(form.encode(scenario))).isEqualTo(scenario);
      assertThat(scenario.events().size()).isLessThanOrEqualTo(Mutator.MAX_EVENTS);
      assertThat(SHAPE.actors(scenario.params()))
          .containsAll(scenario.events().stream().map(event -> event.at().actor()).toList());
    }
  }

  /** A switch or a delay means something among several; a param says how many there are. */
  @Test
  void oneWhoIsAloneIsNotDelayed() {
    Shape shape =
        new Shape(
            "alone",
            "whole",
            MemoryModel.WEAK,
            List.of(new Role("clerk", Optional.of("clerks"))),
            List.of(new Param("clerks", 1, 2, 2)),
            List.of(),
            List.of());
    Event delay = Event.of("clerk0", 1, new Action.Delay(4));
    Mutator mutator =
        new Mutator(shape, List.of(delay, Event.of("clerk0", 1, new Action.Stale(1))));
    SplittableRandom random = new SplittableRandom(5);
    ScenarioBytes form = new ScenarioBytes(shape);
    Scenario scenario = shape.defaultRun();
    Set<Boolean> delayed = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      scenario = mutator.mutate(scenario, random);
      assertThat(form.decode(form.encode(scenario))).isEqualTo(scenario);
      assertThat(Smaller.least(scenario, shape).events()).doesNotContain(delay);
      delayed.add(scenario.events().contains(delay));
    }
    assertThat(delayed).containsExactlyInAnyOrder(true, false);
  }

  @Test
  void everyWordAndEveryParamIsTried() {
    SplittableRandom random = new SplittableRandom(2);
    Set<Event> events = new HashSet<>();
    Set<Integer> sizes = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      Scenario scenario = MUTATOR.mutate(SHAPE.defaultRun(), random);
      events.addAll(scenario.events());
      sizes.add(scenario.params().get("size"));
    }
    assertThat(events).contains(STALE, HOLD).hasSizeGreaterThan(20);
    assertThat(sizes).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void whereNoEventMeansAnythingParamsAreTried() {
    Mutator mutator = new Mutator(SHAPE, List.of());
    SplittableRandom random = new SplittableRandom(4);
    Set<Integer> sizes = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      Scenario scenario = mutator.mutate(SHAPE.defaultRun(), random);
      assertThat(scenario.events()).isEmpty();
      sizes.add(scenario.params().get("size"));
    }
    assertThat(sizes).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void whereNoEventMeansAnythingFewParamsAreSet() {
    Shape shape = withParams(20);
    Mutator mutator = new Mutator(shape, List.of());
    SplittableRandom random = new SplittableRandom(6);
    Scenario scenario = shape.defaultRun();
    int set = 0;
    for (int i = 0; i < 1000; i++) {
      scenario = mutator.mutate(scenario, random);
      set += (int) scenario.params().values().stream().filter(value -> value != 0).count();
    }
    assertThat(set / 1000).isBetween(2, 4);
  }

  @Test
  void whereNoEventMeansAnythingAChildHasParamsOfBothParents() {
    Shape shape = withParams(20);
    Mutator mutator = new Mutator(shape, List.of());
    SplittableRandom random = new SplittableRandom(7);
    Scenario one = shape.defaultRun().withParam("p1", 1);
    Scenario two = shape.defaultRun().withParam("p2", 2);
    assertThat(IntStream.range(0, 100).mapToObj(i -> mutator.cross(one, two, random)))
        .anyMatch(child -> child.params().get("p1") == 1 && child.params().get("p2") == 2);
  }

  @Test
  void theSameSeedGivesTheSameScenario() {
    Scenario first = MUTATOR.mutate(SHAPE.defaultRun(), new SplittableRandom(3));

    assertThat(MUTATOR.mutate(SHAPE.defaultRun(), new SplittableRandom(3))).isEqualTo(first);
  }

  @Test
  void aChildHasEventsOfBothParents() {
    Scenario one = SHAPE.defaultRun().withEvents(List.of(STALE));
    Scenario two = SHAPE.defaultRun().withEvents(List.of(HOLD));
    Set<List<Event>> children = new HashSet<>();
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 100; i++) {
      children.add(MUTATOR.cross(one, two, random).events());
    }
    assertThat(children).contains(List.of(STALE, HOLD), List.of(STALE), List.of(HOLD));
  }

  @Test
  void aChildOfParentsWithManyEventsHasFew() {
    List<Event> many =
        IntStream.range(0, Scenario.MAX_EVENTS)
            .mapToObj(point -> Event.of("a", point, new Action.Stale(1)))
            .toList();
    List<Event> others =
        IntStream.range(0, Scenario.MAX_EVENTS)
            .mapToObj(point -> Event.of("b0", point, new Action.Stale(1)))
            .toList();
    Scenario parent = SHAPE.defaultRun().withEvents(many);
    Scenario other = SHAPE.defaultRun().withEvents(others);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 100; i++) {
      assertThat(MUTATOR.cross(parent, other, random).events().size())
          .isLessThanOrEqualTo(Mutator.MAX_EVENTS);
    }
  }

  private static Shape withParams(int count) {
    return new Shape(
        "mine",
        "good",
        MemoryModel.SC,
        List.of(new Role("a", Optional.empty())),
        IntStream.range(0, count).mapToObj(i -> new Param("p" + i, 0, 3, 0)).toList(),
        List.of(),
        List.of());
  }
}
