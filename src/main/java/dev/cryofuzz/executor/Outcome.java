package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.Optional;

/**
 * How runs have ended.
 *
 * @param text as the target has recorded it; empty if it recorded nothing
 * @param listed 1 + which of the target's outcomes that is; 0: none
 * @param title of the finding that it is
 * @param runs that have ended so
 * @param facts in how many of them each of the target's is so, in their order
 * @param scenario that ends so, with as few events as were needed
 */
public record Outcome(
    String text,
    int listed,
    Optional<Title> title,
    long runs,
    List<Integer> facts,
    Scenario scenario) {
  public boolean failed() {
    return title.isPresent();
  }
}
