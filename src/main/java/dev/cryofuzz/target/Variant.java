package dev.cryofuzz.target;

import dev.cryofuzz.scenario.MemoryModel;
import java.util.Optional;

/**
 * A variant of a target. A good one never fails. A bad one carries one planted bug, which must be
 * found with the title {@code expect} under {@code memory} and any weaker model, and never appears
 * under a stronger one.
 *
 * @param breaks what a freeze does not keep because of the bug, one of the target's {@code keeps}
 * @param faults whether the bug shows with faults only
 */
public record Variant(
    String name,
    String what,
    MemoryModel memory,
    Optional<String> expect,
    Optional<String> breaks,
    boolean faults) {
  public boolean isGood() {
    return expect.isEmpty();
  }

  /** The title that must be found under that model; empty: nothing may be found. */
  public Optional<String> expectUnder(MemoryModel model) {
    return expect.filter(title -> model.isWeakerOrEqual(memory));
  }
}
