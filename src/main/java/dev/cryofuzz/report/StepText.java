package dev.cryofuzz.report;

import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.List;

/** One step of a run in a few words. */
final class StepText {
  private static final List<String> ORDERS =
      List.of("relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst");

  private StepText() {}

  /** Whether people who read a run want to see the step. */
  static boolean isShown(Step step) {
    return switch (step.op()) {
      case YIELD, CALL -> step.has(Flag.EVENT);
      default -> true;
    };
  }

  static String of(Step step, Trace trace) {
    StringBuilder out = new StringBuilder(step.op().text());
    switch (step.op()) {
      case LOAD, STORE, RMW, CAS_FAIL, COMMIT, UNSEEN -> appendAccess(out, step);
      case FENCE -> out.append(' ').append(order(step.size()));
      case SEND, RECV -> out.append(' ').append(step.value()).append(" bytes");
      case SWITCH -> out.append(" to ").append(actor(step.value(), trace));
      default -> {}
    }
    return appendFlags(out, step).toString();
  }

  private static void appendAccess(StringBuilder out, Step step) {
    out.append(String.format(" +0x%02x", step.address()))
        .append(step.op() == Op.CAS_FAIL ? " is " : " = ")
        .append(value(step.value()));
  }

  private static StringBuilder appendFlags(StringBuilder out, Step step) {
    if (step.has(Flag.STALE)) {
      out.append(" (old)");
    }
    if (step.has(Flag.HELD)) {
      out.append(" (held)");
    }
    if (step.has(Flag.FORWARD)) {
      out.append(" (own)");
    }
    if (step.has(Flag.TIMEOUT)) {
      out.append(" (timed out)");
    }
    return out;
  }

  /** Counters read best in decimal, addresses and tags in hexadecimal; negatives are huge. */
  private static String value(long value) {
    return value >= 0 && value < 10_000 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  private static String order(int number) {
    return number >= 0 && number < ORDERS.size() ? ORDERS.get(number) : "order " + number;
  }

  private static String actor(long index, Trace trace) {
    return index >= 0 && index < trace.actors().size()
        ? trace.actors().get((int) index)
        : "actor " + index;
  }
}
