package dev.cryofuzz.trace;

import dev.cryofuzz.scenario.Errno;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/** One step in words: "#12 load [16] = 3 (stale)". */
public final class Cell {
  private static final long LARGE = 10_000;
  private static final long NS_OF_MS = 1_000_000;

  private static final List<String> ORDERS =
      List.of("relaxed", "consume", "acquire", "release", "acq-rel", "seq-cst");

  private static final List<Flag> SAID = List.of(Flag.STALE, Flag.HELD, Flag.FORWARD, Flag.TIMEOUT);

  private static final Set<String> OF_THREADS = Set.of("create", "join", "detach");

  private Cell() {}

  static String text(Trace trace, Step step) {
    StringJoiner words = new StringJoiner(" ");
    words.add("#" + step.point()).add(operation(trace, step));
    special(step).forEach(flag -> words.add("(" + flag.text() + ")"));
    return words.toString();
  }

  /** What is worth saying about a step; that an access is atomic is not. */
  public static List<Flag> special(Step step) {
    return SAID.stream().filter(step::has).toList();
  }

  /** Without its point and what is special about it: "load [16] = 3". */
  public static String operation(Trace trace, Step step) {
    String name = step.op().text();
    return switch (step.op()) {
      case LOAD, CAS_FAIL -> name + word(step) + " = " + value(step.value());
      case STORE, RMW, COMMIT, UNSEEN -> name + word(step) + " := " + value(step.value());
      case FENCE -> name + " " + order(step.size());
      case SEND, RECV -> name + bytes(step.value());
      case FREEZE -> "infected, " + step.value() + " commands, cured";
      case CHECKPOINT -> "all dumped, killed, restored";
      case STOP -> step.value() == 0 ? "stopped, continued" : "all frozen, thawed";
      case SIGNAL -> SignalNames.of(step.value()) + (step.extra() == 0 ? "" : ", blocked");
      case KILL -> "killed";
      case MOVE -> "goes on on processor " + step.value();
      case SWITCH -> "-> " + actor(trace, step.value());
      case OBJECT -> step.verb().isEmpty() ? "fails" : object(trace, step);
      case CALL -> call(trace, step);
      case MARK -> (name + " " + step.markName()).strip();
      default -> name;
    };
  }

  /** A lock is a place in the segment, a thread an actor. */
  private static String object(Trace trace, Step step) {
    String which =
        OF_THREADS.contains(step.verb()) ? " " + actor(trace, step.address()) : word(step);
    return step.verb() + which + result(step.value());
  }

  /** Who is killed is an actor; what other calls are about, their name says. */
  private static String call(Trace trace, Step step) {
    return switch (step.verb()) {
      case "read", "write" -> step.verb() + bytes(step.value());
      case "alarm" -> step.value() == 0 ? "no alarm" : "alarm in " + step.value() + " s";
      case "timer" ->
          step.value() == 0 ? "no timer" : "timer in " + step.value() / NS_OF_MS + " ms";
      case "kill" -> "kill " + actor(trace, step.address()) + ", " + SignalNames.of(step.value());
      case "sigwait" -> step.verb() + signalOrFailure(step.value());
      case "wait" -> Reaping.text(step) + (step.value() < 0 ? failure(step.value()) : "");
      default -> step.verb() + failure(step.value());
    };
  }

  /** How it failed, or how it ended: a call that waits for a signal ends with EINTR. */
  private static String failure(long result) {
    return Arrays.stream(Errno.values())
        .filter(errno -> errno.number() == -result)
        .map(errno -> ", " + errno.name())
        .findFirst()
        .orElse(result(result));
  }

  /** What a wait for signals has returned. */
  private static String signalOrFailure(long result) {
    return result > 0 ? " = " + SignalNames.of(result) : failure(result);
  }

  private static String bytes(long done) {
    return done < 0 ? " fails" : " " + done + " bytes";
  }

  /** What is worth saying of what a call has returned: an error or a number. */
  private static String result(long value) {
    return value == 0 ? "" : " = " + value;
  }

  /** Words are named by their offset in the segment. */
  private static String word(Step step) {
    return " [" + step.address() + "]";
  }

  /** Counters read best in decimal, tags and addresses in hexadecimal; negatives are huge. */
  private static String value(long value) {
    return value >= 0 && value < LARGE ? String.valueOf(value) : "0x" + Long.toHexString(value);
  }

  private static String order(int number) {
    return number < ORDERS.size() ? ORDERS.get(number) : "order=" + number;
  }

  private static String actor(Trace trace, long index) {
    return index >= 0 && index < trace.actors().size()
        ? trace.actors().get((int) index)
        : "actor " + index;
  }
}
