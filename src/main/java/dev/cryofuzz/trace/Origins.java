package dev.cryofuzz.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where what a step read was written, and where what it received was sent. Each commit has a time,
 * counted from 1; loads say that of their version, stores and commits their own. What was not
 * committed by a step of the trace was there from the beginning, or its step is missing.
 */
public final class Origins {
  /** A store that the others see from its commit on, if it has one. */
  private record Write(int step, boolean visible) {}

  private final Trace trace;
  private final Map<Integer, Integer> origins = new HashMap<>();
  private final Map<Integer, Integer> newer = new HashMap<>();
  private final Map<Long, Integer> writers = new HashMap<>();
  private final Map<Long, List<Write>> words = new HashMap<>();
  private final Set<Integer> buffered = new LinkedHashSet<>();
  private final List<Step> early = new ArrayList<>();
  private final Map<Long, Deque<Integer>> messages = new HashMap<>();
  private long now;

  private Origins(Trace trace) {
    this.trace = trace;
  }

  public static Origins of(Trace trace) {
    Origins origins = new Origins(trace);
    for (int index = 0; index < trace.steps().size(); index++) {
      origins.follow(index, trace.steps().get(index));
    }
    return origins;
  }

  /** The step that wrote or sent what this one got. */
  public Optional<Integer> of(int step) {
    return Optional.ofNullable(origins.get(step));
  }

  /** Of a load: the last store there before it, if that is not the one whose value it got. */
  public Optional<Integer> newerThan(int load) {
    return Optional.ofNullable(newer.get(load));
  }

  /** Whether a load got what was there before the first step. */
  public boolean isInitial(int load) {
    Step step = trace.steps().get(load);
    return step.op() == Op.LOAD && step.extra() == 0 && !trace.cut();
  }

  private void follow(int index, Step step) {
    switch (step.op()) {
      case LOAD -> load(index, step);
      case STORE -> store(index, step);
      case COMMIT -> commit(index, step);
      case RMW, UNSEEN -> change(index, step);
      case CAS_FAIL -> last(step, true).ifPresent(from -> origins.put(index, from));
      case SEND -> messages.computeIfAbsent(step.address(), at -> new ArrayDeque<>()).add(index);
      case RECV -> sender(step).ifPresent(from -> origins.put(index, from));
      default -> {}
    }
  }

  private void load(int index, Step step) {
    Optional<Integer> from =
        Optional.ofNullable(writers.get(step.extra()))
            .filter(writer -> word(trace.steps().get(writer)) == word(step));
    from.ifPresent(writer -> origins.put(index, writer));
    if (!step.has(Flag.FORWARD)) {
      last(step, false)
          .filter(writer -> !Optional.of(writer).equals(from))
          .filter(writer -> trace.steps().get(writer).actor() != step.actor())
          .ifPresent(writer -> newer.put(index, writer));
    }
  }

  /**
   * One that is queued behind a held one has no time of its own yet; that of an early one is past.
   */
  private void store(int index, Step step) {
    if (!step.has(Flag.HELD) && step.extra() > now) {
      now = step.extra();
      writers.put(now, index);
      add(index, step, true);
    } else if (early.stream().noneMatch(commit -> isOf(commit, step))) {
      buffered.add(index);
      add(index, step, false);
    } else {
      early.removeIf(commit -> isOf(commit, step));
    }
  }

  private void commit(int index, Step step) {
    now = step.extra();
    Optional<Integer> store =
        buffered.stream().filter(held -> isOf(step, trace.steps().get(held))).findFirst();
    store.ifPresentOrElse(buffered::remove, () -> early.add(step));
    writers.put(now, store.orElse(index));
    add(store.orElse(index), step, true);
  }

  private static boolean isOf(Step commit, Step store) {
    return commit.actor() == store.actor()
        && commit.site().equals(store.site())
        && word(commit) == word(store);
  }

  /** They are committed at once, and have no room for their time. */
  private void change(int index, Step step) {
    if (step.op() == Op.RMW) {
      last(step, true).ifPresent(from -> origins.put(index, from));
    }
    writers.put(++now, index);
    add(index, step, true);
  }

  private void add(int index, Step step, boolean visible) {
    words.computeIfAbsent(word(step), at -> new ArrayList<>()).add(new Write(index, visible));
  }

  private Optional<Integer> last(Step step, boolean visible) {
    List<Write> there = words.getOrDefault(word(step), List.of());
    for (int i = there.size() - 1; i >= 0; i--) {
      Write write = there.get(i);
      if ((write.visible() || !visible) && overlap(trace.steps().get(write.step()), step)) {
        return Optional.of(write.step());
      }
    }
    return Optional.empty();
  }

  private static boolean overlap(Step one, Step other) {
    return one.address() < other.address() + other.size()
        && other.address() < one.address() + one.size();
  }

  private static long word(Step step) {
    return step.address() / Long.BYTES;
  }

  /** The oldest one with the same bytes; if all were changed on their way, the oldest. */
  private Optional<Integer> sender(Step received) {
    Deque<Integer> sent = messages.get(received.address());
    boolean known = received.address() >= 0 && received.value() > 0 && sent != null;
    if (!known || sent.isEmpty()) {
      return Optional.empty();
    }
    for (Integer index : sent) {
      if (trace.steps().get(index).extra() == received.extra()) {
        sent.remove(index);
        return Optional.of(index);
      }
    }
    return Optional.of(sent.remove());
  }
}
