package dev.cryofuzz.export;

import dev.cryofuzz.report.Printable;
import dev.cryofuzz.scenario.Errno;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The steps of a run that its actors are held to, as rows of a table in C. */
final class StepTable {
  private static final int LARGEST = 8;

  /** Of a wait at a futex that nobody has ended. */
  private static final int NEVER_WOKEN = 1;

  private static final int EAGAIN = Errno.EAGAIN.number();
  private static final int ETIMEDOUT = 110;

  private static final Set<Op> ACCESSES =
      Set.of(Op.LOAD, Op.STORE, Op.RMW, Op.CAS_FAIL, Op.COMMIT, Op.FENCE);

  private static final Set<Op> CALLS =
      Set.of(Op.SEND, Op.RECV, Op.POLL, Op.FUTEX_WAIT, Op.FUTEX_WAKE, Op.CLOSE, Op.CALL);

  private static final Set<Op> STRIKES = Set.of(Op.SIGNAL, Op.KILL);

  /** They happen by themselves, as what the kernel or libc writes, or nobody waits for them. */
  private static final Set<Op> HARMLESS =
      Set.of(Op.YIELD, Op.SWITCH, Op.SPIN, Op.PARK, Op.END, Op.FAIL, Op.MARK, Op.SLEEP, Op.UNSEEN);

  /** What cryofuzz does to a process from outside, which must change nothing. */
  static final Set<Op> LEFT_OUT = Set.of(Op.FREEZE, Op.CHECKPOINT, Op.STOP);

  private static final Set<String> SILENT_VERBS = Set.of("init", "destroy", "sem-look");

  /** Calls by which an actor learns of signals, children and time, to what the driver has them. */
  private static final Map<String, String> HEARING =
      Map.of(
          "wait", "WAIT",
          "suspend", "SUSPEND",
          "pause", "SUSPEND",
          "sigwait", "SIGWAIT",
          "kill", "SENT",
          "alarm", "ALARM",
          "timer", "ALARM",
          "time", "TIME");

  private static final Set<String> TRANSFERS = Set.of("read", "write");

  /** What such a run is held to besides: a signal is heard where its actor goes on. */
  private static final Set<Op> TURNS = Set.of(Op.SWITCH, Op.YIELD, Op.SLEEP);

  private record Word(int actor, long address) {}

  private final Trace trace;
  private final boolean heard;
  private final Map<String, String> lines;
  private final StringBuilder out = new StringBuilder();

  private StepTable(Trace trace, boolean heard, Map<String, String> lines) {
    this.trace = trace;
    this.heard = heard;
    this.lines = lines;
  }

  /**
   * The rows.
   *
   * @param heard whether its actors hear of signals, or those of the run beside it do
   */
  static String of(Trace trace, boolean heard, Map<String, String> lines) {
    StepTable table = new StepTable(trace, heard, lines);
    table.rows();
    return table.out.toString();
  }

  /** Whether an export can have it. */
  static boolean isDriven(Step step) {
    return HARMLESS.contains(step.op())
        || LEFT_OUT.contains(step.op())
        || STRIKES.contains(step.op())
        || step.op() == Op.OBJECT
        || (CALLS.contains(step.op()) && !isOther(step))
        || (ACCESSES.contains(step.op()) && step.size() <= LARGEST);
  }

  private static boolean isOther(Step step) {
    return step.op() == Op.CALL
        && !TRANSFERS.contains(step.verb())
        && !isHearing(step)
        && !step.has(Flag.EVENT);
  }

  private static boolean isHearing(Step step) {
    return step.op() == Op.CALL && HEARING.containsKey(step.verb());
  }

  /** Whether its actors ask for signals, children or the time. */
  static boolean isHeard(Trace trace) {
    return trace.steps().stream().anyMatch(StepTable::isHearing);
  }

  /** Whether calls must come to the driver for it. */
  static boolean hasCalls(Trace trace) {
    return trace.steps().stream().anyMatch(step -> CALLS.contains(step.op()));
  }

  /** Whether an access of its is of 16 bytes: two steps at one point. */
  static boolean isWide(Trace trace) {
    List<Step> steps = trace.steps();
    return IntStream.range(1, steps.size())
        .anyMatch(i -> isUpperHalf(steps.get(i - 1), steps.get(i)));
  }

  private static boolean isUpperHalf(Step lower, Step step) {
    return step.actor() == lower.actor()
        && step.point() == lower.point()
        && step.op() == lower.op()
        && step.op().isAccess()
        && step.address() == lower.address() + LARGEST;
  }

  private void rows() {
    Set<Word> held = new HashSet<>();
    List<Step> steps = trace.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Word word = new Word(step.actor(), step.address());
      boolean kept = step.op() == Op.STORE && step.has(Flag.HELD);
      if (kept) {
        held.add(word);
      }
      // What was not held is seen when it is made.
      boolean routine = step.op() == Op.COMMIT && !step.has(Flag.EVENT) && !held.remove(word);
      if (isRow(step) && !routine) {
        row(step, kept, value(i));
      }
    }
  }

  private boolean isRow(Step step) {
    return (heard && TURNS.contains(step.op()))
        || ACCESSES.contains(step.op())
        || CALLS.contains(step.op())
        || STRIKES.contains(step.op())
        || (step.op() == Op.OBJECT && !SILENT_VERBS.contains(step.verb()));
  }

  private long value(int index) {
    Step step = trace.steps().get(index);
    return switch (step.op()) {
      case FUTEX_WAIT -> result(index);
      case KILL -> 9;
      case SLEEP, YIELD -> step.value() < 0 ? step.value() : othersGoOn(index);
      default -> step.value();
    };
  }

  /** Whether others go on before it does, which then waits for its turn. */
  private long othersGoOn(int index) {
    Step pause = trace.steps().get(index);
    return trace.steps().stream()
        .skip(index + 1)
        .filter(step -> step.actor() == pause.actor())
        .limit(1)
        .filter(step -> step.op() == Op.SWITCH && step.point() == pause.point())
        .count();
  }

  /** What a wait at a futex returned: that is not told, but by what came after it. */
  private long result(int index) {
    Step wait = trace.steps().get(index);
    if (wait.value() < 0 && wait.has(Flag.EVENT)) {
      return wait.value();
    }
    if (wait.extra() != 0) {
      return -EAGAIN;
    }
    boolean woken = false;
    for (Step step : trace.steps().subList(index + 1, trace.steps().size())) {
      woken |= step.op() == Op.FUTEX_WAKE && step.address() == wait.address();
      if (step.actor() == wait.actor() && step.op() != Op.SWITCH && step.op() != Op.PARK) {
        return woken ? 0 : -ETIMEDOUT;
      }
    }
    return NEVER_WOKEN;
  }

  /** A fence has its order where others have their place, a call has none. */
  private void row(Step step, boolean held, long value) {
    String place = step.site();
    String source = lines.getOrDefault(place, "");
    String flags = step.has(Flag.STALE) ? ", what was there before" : held ? ", seen later" : "";
    String verb =
        switch (step.op()) {
          case OBJECT, CALL -> " " + step.verb();
          case SWITCH -> " others";
          case SIGNAL -> " signal " + step.value();
          default -> "";
        };
    out.append("\t/* ")
        .append(
            Comment.text(trace.actor(step) + "#" + step.point() + verb + " " + place + flags)
                .stripTrailing())
        .append(source.isEmpty() ? "" : ":  " + Comment.text(source))
        .append(" */\n");
    out.append(
        String.format(
            "\t{ %d, RUN_%s, %d, %d, %d, 0x%xull },%n",
            step.actor(),
            isHearing(step) ? HEARING.get(step.verb()) : step.op().name(),
            offset(step),
            ACCESSES.contains(step.op()) ? step.size() : 0,
            held ? 1 : 0,
            value));
  }

  private static long offset(Step step) {
    if (step.op() == Op.FENCE) {
      return step.size();
    }
    return ACCESSES.contains(step.op()) || step.op() == Op.OBJECT ? step.address() : 0;
  }

  /** What can stand in a comment. */
  static final class Comment {
    private Comment() {}

    /** Nothing in it ends the comment that it is in, or begins another. */
    static String text(String text) {
      return Printable.line(text.replace('\t', ' ')).replace("*/", "* /").replace("/*", "/ *");
    }
  }
}
