package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;

/** A part of a campaign: one variant of one target under one memory model. */
public record Job(TargetDescription target, Variant variant, MemoryModel memory) {
  public Shape shape() {
    return target.shape(variant.name(), memory);
  }

  /** For people, and as the name of its folder. */
  public String name() {
    return target.name() + "-" + variant.name() + "-" + memory.text();
  }
}
