package dev.cryofuzz.trace;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionField;
import dev.cryofuzz.scenario.Event;
import java.util.List;
import java.util.StringJoiner;

/** One step in words: "*12 load [16] = 3 queue.c:57 (stale back=1)". */
final class Cell {
  private static final long LARGE = 4096;

  private static final List<String> ORDERS =
      List.of("relaxed", "consume", "acquire", "release", "acq-rel", "seq-cst");

  private Cell() {}

  static String text(Trace trace, Step step, List<Event> events) {
    StringJoiner words = new StringJoiner(" ");
    boolean marked = step.has(Flag.EVENT) || !events.isEmpty();
    words.add((marked ? "*" : "") + step.point());
    words.add(operation(trace, step));
    if (!step.site().isEmpty()) {
      words.add(step.site());
    }
    addRemarks(words, step, events);
    return words.toString();
  }

  private static String operation(Trace trace, Step step) {
    return switch (step.op()) {
      case LOAD, CAS_FAIL, SPIN -> step.op().text() + word(step) + " = " + value(step.value());
      case STORE, RMW, COMMIT, UNSEEN ->
          step.op().text() + word(step) + " := " + value(step.value());
      case FENCE -> step.op().text() + " " + order(step.size());
      case SEND, RECV -> step.op().text() + " " + step.value() + " bytes";
      case SWITCH -> "-> " + actor(trace, step.value());
      default -> step.op().text();
    };
  }

  private static String word(Step step) {
    return " [" + step.address() + "]";
  }

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

  private static void addRemarks(StringJoiner words, Step step, List<Event> events) {
    StringJoiner remarks = new StringJoiner(", ", "(", ")").setEmptyValue("");
    events.forEach(event -> remarks.add(event(event.action())));
    for (Flag flag : List.of(Flag.STALE, Flag.HELD, Flag.FORWARD, Flag.TIMEOUT)) {
      if (step.has(flag) && events.stream().noneMatch(event -> says(event, flag))) {
        remarks.add(flag.text());
      }
    }
    if (remarks.length() > 0) {
      words.add(remarks.toString());
    }
  }

  /** The event's own text says it already. */
  private static boolean says(Event event, Flag flag) {
    return flag == Flag.STALE && event.action() instanceof Action.Stale
        || flag == Flag.HELD && event.action() instanceof Action.Hold;
  }

  /** As in "stale back=1". */
  private static String event(Action action) {
    StringBuilder text = new StringBuilder(action.text());
    List<ActionField> fields = action.type().fields();
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(fields.get(i).name()).append('=').append(action.arguments().get(i));
    }
    return text.toString();
  }
}
