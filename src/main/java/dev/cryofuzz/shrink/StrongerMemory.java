package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.Arrays;
import java.util.stream.Stream;

/** Stronger models, the strongest first: one that suffices says on which processors it fails. */
final class StrongerMemory implements Pass {
  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    return Arrays.stream(MemoryModel.values())
        .filter(model -> model.compareTo(scenario.memory()) < 0)
        .map(scenario::withMemory);
  }
}
