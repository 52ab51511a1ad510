package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpeningsTest {
  private static final Shape SHAPE =
      new Shape(
          "t",
          "v",
          MemoryModel.SC,
          List.of(new Role("a", Optional.empty())),
          List.of(new Param("few", 0, 2, 1), new Param("many", 0, 65535, 7)),
          List.of(),
          List.of());

  @Test
  void eachValueAloneAndOfWideParamsTheBounds() {
    assertThat(Openings.of(SHAPE).stream().map(Scenario::params))
        .containsExactly(values(1, 7), values(0, 7), values(2, 7), values(1, 0), values(1, 65535));
  }

  @Test
  void withoutParamsThereIsTheDefaultRun() {
    Shape plain =
        new Shape("t", "v", MemoryModel.SC, SHAPE.roles(), List.of(), List.of(), List.of());
    assertThat(Openings.of(plain)).containsExactly(plain.defaultRun());
  }

  @Test
  void eachEventAlone() {
    assertThat(Openings.of(SHAPE, List.of(delay(3), delay(5))))
        .extracting(Scenario::events)
        .containsExactly(List.of(delay(3)), List.of(delay(5)));
    assertThat(Openings.of(SHAPE, List.of())).isEmpty();
  }

  @Test
  void ofManyEventsSomeEvenly() {
    List<Event> many =
        IntStream.range(0, 2 * Openings.MOST_EVENTS + 1).mapToObj(OpeningsTest::delay).toList();
    List<Scenario> some = Openings.of(SHAPE, many);
    assertThat(some).hasSize((many.size() + 2) / 3);
    assertThat(some.get(1).events()).containsExactly(delay(3));
  }

  private static Event delay(int point) {
    return Event.of("a", point, new Action.Delay(1));
  }

  private static SortedMap<String, Integer> values(int few, int many) {
    return new TreeMap<>(Map.of("few", few, "many", many));
  }
}
