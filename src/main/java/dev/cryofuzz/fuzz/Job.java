package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.util.EnumSet;
import java.util.Set;

/**
 * A part of a campaign: one variant of one target under one memory model.
 *
 * @param extras what is done to actors on request, where the target's can bear it
 * @param options of all its runs
 */
public record Job(
    TargetDescription target,
    Variant variant,
    MemoryModel memory,
    Set<ActionType> extras,
    Set<RunOption> options) {
  public Job(TargetDescription target, Variant variant, MemoryModel memory) {
    this(target, variant, memory, Set.of(), Set.of());
  }

  public Shape shape() {
    Set<ActionType> wanted = EnumSet.noneOf(ActionType.class);
    wanted.addAll(extras);
    wanted.addAll(target.usual());
    return target.shape(variant.name(), memory).withOnly(wanted).withOptions(options);
  }

  /**
   * Whether its runs are counted by steps, events and states: those in which a process is frozen,
   * which take so long that counting costs nothing.
   */
  public boolean isCounted() {
    return target.external() || extras.stream().anyMatch(type -> type.family() == Family.FREEZE);
  }

  /** For people, and as the name of its folder. */
  public String name() {
    return target.name() + "-" + variant.name() + "-" + memory.text();
  }
}
