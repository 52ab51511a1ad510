package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Scenario;
import java.util.stream.Stream;

/** One way to make scenarios simpler: names candidates, the most promising first. */
interface Pass {
  Stream<Scenario> candidates(Scenario scenario);
}
