package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Scenario;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Takes away one event: none of these may still fail in the end. The last first, as it is often
 * what follows from those before.
 */
final class SingleDeletions implements Pass {
  @Override
  public Stream<Scenario> candidates(Scenario scenario) {
    int last = scenario.events().size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(i -> FewerEvents.without(scenario, last - i, last - i + 1));
  }
}
