package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;

/**
 * A part of a campaign: one variant of one target under one memory model.
 *
 * @param freezes whether actors are frozen too, where the target's can be
 */
public record Job(TargetDescription target, Variant variant, MemoryModel memory, boolean freezes) {
  public Job(TargetDescription target, Variant variant, MemoryModel memory) {
    this(target, variant, memory, false);
  }

  public Shape shape() {
    Shape shape = target.shape(variant.name(), memory);
    return freezes ? shape : shape.withoutFreezes();
  }

  /** For people, and as the name of its folder. */
  public String name() {
    return target.name() + "-" + variant.name() + "-" + memory.text();
  }
}
