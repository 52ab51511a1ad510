package dev.cryofuzz.trace;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a step did, numbered like enum cf_op, which starts at 1. */
public enum Op {
  LOAD,
  STORE,
  RMW,
  CAS_FAIL,
  FENCE,
  /** A held store becomes visible. */
  COMMIT,
  /** A write that no hook announced. */
  UNSEEN,
  SEND,
  RECV,
  POLL,
  FUTEX_WAIT,
  FUTEX_WAKE,
  SLEEP,
  YIELD,
  CLOSE,
  /** Any other wrapped call; the value is its result, of kill the signal. */
  CALL,
  MARK,
  /** The token goes to the actor in the step's value. */
  SWITCH,
  SPIN,
  PARK,
  END,
  FAIL,
  /** A freezer has stopped, infected and cured the actor: the value is the number of commands. */
  FREEZE,
  /** All actors were dumped, killed and restored while this one stood in the target's code. */
  CHECKPOINT,
  /** The actor was stopped, by the number in the value, and let go on. */
  STOP,
  /** The signal in the value came; extra is 1 if it is blocked. */
  SIGNAL,
  /** The actor was killed. */
  KILL,
  /** Something was done to a mutex, a condition variable or the like. */
  OBJECT,
  /** The actor goes on on another processor, the one in the value as its event counts them. */
  MOVE;

  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public int number() {
    return ordinal() + 1;
  }

  public static Optional<Op> of(String text) {
    return Arrays.stream(values()).filter(op -> op.text().equals(text)).findFirst();
  }

  public static Optional<Op> of(int number) {
    return number >= 1 && number <= values().length
        ? Optional.of(values()[number - 1])
        : Optional.empty();
  }

  /** Whether the step is a call that can block. */
  public boolean mayBlock() {
    return switch (this) {
      case SEND, RECV, POLL, FUTEX_WAIT, SLEEP, CALL, OBJECT -> true;
      default -> false;
    };
  }

  /** Whether the step touches a word of the shared segment. */
  public boolean isAccess() {
    return switch (this) {
      case LOAD, STORE, RMW, CAS_FAIL, COMMIT, UNSEEN -> true;
      default -> false;
    };
  }

  /** Whether the step moves a message. */
  public boolean isMessage() {
    return this == SEND || this == RECV;
  }
}
