package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.scenario.Scenario;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Stronger models, the strongest first: one that suffices says on which processors it fails. And
 * fewer options.
 */
final class StrongerMemory implements Pass {
  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    return Stream.concat(
        Arrays.stream(MemoryModel.values())
            .filter(model -> model.compareTo(scenario.memory()) < 0)
            .map(scenario::withMemory),
        scenario.options().stream().map(option -> without(scenario, option)));
  }

  private static Scenario without(Scenario scenario, RunOption option) {
    return scenario.withOptions(
        scenario.options().stream().filter(other -> other != option).toList());
  }
}
