package dev.cryofuzz.report;

import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;
import java.util.Map;
import java.util.Optional;

/**
 * Why a count is zero, from what the runs did and what their target can have: an event that was
 * never tried is something else than one that can't be.
 */
final class CensusReasons {
  private final Shape shape;
  private final Census census;

  CensusReasons(Shape shape, Census census) {
    this.shape = shape;
    this.census = census;
  }

  /** Why the event took effect in no run at the step; empty if it did in some. */
  Optional<String> of(Census.Row row, Census.Cell cell) {
    if (cell.fired() > 0) {
      return Optional.empty();
    }
    String tried =
        cell.moot() > 0 ? "tried there, could change nothing" : "not tried there in these runs";
    return Optional.of(impossible(row, cell).orElse(tried));
  }

  /** Why it can't be there, however long the campaign. */
  Optional<String> impossible(Census.Row row, Census.Cell cell) {
    if (cell.fired() > 0) {
      return Optional.empty();
    }
    return ActionType.of(cell.event()).flatMap(type -> impossible(type).or(() -> at(row, type)));
  }

  private Optional<String> impossible(ActionType type) {
    if (shape.allows(type, shape.actors(Map.of()).size())) {
      return Optional.empty();
    }
    return Optional.of(
        switch (type.family()) {
          case SCHEDULE -> "there is one actor only";
          case MEMORY -> "memory " + shape.memory().text() + " has none";
          case FRAME -> "its messages have no fields, or it has no messages";
          case FREEZE -> "not asked for, or the target freezes by itself";
          case MACHINE -> "not asked for";
          case FAULT -> "not asked for, or the target does not promise to survive them";
        });
  }

  private static Optional<String> at(Census.Row row, ActionType type) {
    if (type.family() == Family.FRAME && row.messages() == 0) {
      return Optional.of("no message is sent or received in this step");
    }
    if ((type == ActionType.STALE || type == ActionType.EARLY) && row.loads() == 0) {
      return Optional.of("nothing is loaded from shared memory in this step");
    }
    if (type == ActionType.HOLD && row.stores() == 0) {
      return Optional.of("nothing is stored to shared memory in this step");
    }
    return Optional.empty();
  }

  /** Why no run had the state, at all or together with a step and an event. */
  String withoutState(String state) {
    return census.states().get(state) == 0
        ? "no run had this state"
        : "not in the " + census.states().get(state) + " runs with this state";
  }
}
