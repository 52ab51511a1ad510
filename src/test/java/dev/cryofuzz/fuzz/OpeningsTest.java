package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static SortedMap<String, Integer> values(int few, int many) {
    return new TreeMap<>(Map.of("few", few, "many", many));
  }
}
