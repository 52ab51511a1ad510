package dev.cryofuzz.oracle;

import java.util.Arrays;
import java.util.Optional;

/**
 * How an actor was left when the run was over.
 *
 * @param site where it was last, "" if not known
 * @param waits what it waits for, "" if it doesn't
 */
public record ActorEnd(String actor, State state, String site, String waits) {
  /** Numbered like enum cf_actor_state. */
  public enum State {
    READY,
    ENDED,
    SPINNING,
    PARKED,
    /** Its process died. */
    DEAD;

    public int number() {
      return ordinal();
    }

    public static Optional<State> of(int number) {
      return Arrays.stream(values()).filter(state -> state.number() == number).findFirst();
    }
  }

  boolean isStuck() {
    return state == State.SPINNING || state == State.PARKED;
  }

  /** As in "reader spins at queue.c:57, waits for word 16". */
  String text() {
    String where = site.isEmpty() ? "" : " at " + site;
    String what = waits.isEmpty() ? "" : ", waits for " + waits;
    return actor + " " + verb() + where + what;
  }

  private String verb() {
    return switch (state) {
      case READY -> "was running";
      case ENDED -> "ended";
      case SPINNING -> "spins";
      case PARKED -> "is blocked";
      case DEAD -> "died";
    };
  }
}
