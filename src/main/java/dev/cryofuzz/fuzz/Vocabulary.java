package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Errno;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.scenario.Signal;
import dev.cryofuzz.scenario.Where;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events that can mean something, read off the default run: each at a point that there is, of a
 * kind that the step at that point can have, with numbers that often matter.
 */
final class Vocabulary {
  private static final int[] STALE = {1, 2};
  private static final int[] HOLD = {1, 2, 4, 8};
  private static final int EARLY = 16;
  private static final int[] LENGTHS = {0, 1, 4, 8, 11};
  private static final long[] VALUES = {0, 1, 2, 64, 255, 0xffff_ffffL};
  private static final int DELAY = 4;
  private static final List<Action> FREEZES =
      List.of(
          new Action.Infect(Action.Infect.INJECT, 0, Where.HERE),
          new Action.Infect(Action.Infect.INJECT, 1, Where.HERE),
          new Action.Infect(Action.Infect.INJECT, 1, Where.step(3)),
          new Action.Stop(Action.Stop.SIGSTOP, Where.HERE),
          new Action.Stop(Action.Stop.CGROUP, Where.HERE),
          new Action.Checkpoint(Action.Checkpoint.CRIU, Where.HERE),
          new Action.Checkpoint(Action.Checkpoint.CRIU, Where.step(3)));
  private static final List<Action> FREEZES_INSIDE =
      List.of(
          new Action.Infect(Action.Infect.INJECT, 1, Where.INSIDE),
          new Action.Stop(Action.Stop.SIGSTOP, Where.INSIDE),
          new Action.Stop(Action.Stop.CGROUP, Where.INSIDE),
          new Action.Checkpoint(Action.Checkpoint.CRIU, Where.INSIDE));

  private static final List<Action> MOVES =
      List.of(new Action.Affinity(1), new Action.Affinity(2), new Action.Affinity(0));
  private static final List<Action> STRIKES =
      List.of(
          new Action.Kill(),
          new Action.Signalled(Signal.SIGUSR1),
          new Action.Signalled(Signal.SIGTERM));

  /** What a call of that kind can fail with. */
  private static final Map<Op, List<Errno>> ERRORS =
      Map.of(
          Op.SEND, List.of(Errno.EINTR, Errno.EAGAIN, Errno.ENOBUFS, Errno.EPIPE, Errno.ECONNRESET),
          Op.RECV, List.of(Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM, Errno.ECONNRESET),
          Op.POLL, List.of(Errno.EINTR, Errno.ENOMEM),
          Op.FUTEX_WAIT, List.of(Errno.EINTR),
          Op.SLEEP, List.of(Errno.EINTR),
          Op.OBJECT, List.of(Errno.EINTR),
          Op.CALL, List.of(Errno.EINTR, Errno.EAGAIN, Errno.EIO, Errno.ENOSPC),
          Op.CLOSE, List.of(Errno.EINTR, Errno.EIO, Errno.ENOSPC));

  private final Shape shape;
  private final Set<Event> events = new LinkedHashSet<>();

  private Vocabulary(Shape shape) {
    this.shape = shape;
  }

  /** In the order of the run; without duplicates. */
  static List<Event> of(Shape shape, Trace defaultRun) {
    Vocabulary vocabulary = new Vocabulary(shape);
    for (Step step : defaultRun.steps()) {
      vocabulary.addEventsAt(defaultRun.actor(step), step, defaultRun.actors());
      vocabulary.addEarlyStores(defaultRun, step);
    }
    return List.copyOf(vocabulary.events);
  }

  /** What the actor stores soon after this load may overtake it. */
  private void addEarlyStores(Trace trace, Step load) {
    if (load.op() != Op.LOAD || !shape.memory().allows(ActionType.EARLY)) {
      return;
    }
    for (Step store : trace.steps()) {
      int ahead = store.point() - load.point();
      if (store.op() == Op.STORE && store.actor() == load.actor() && ahead > 0 && ahead <= EARLY) {
        events.add(Event.of(trace.actor(load), load.point(), new Action.Early(store.point())));
      }
    }
  }

  private void addEventsAt(String actor, Step step, List<String> actors) {
    for (Action action : actionsAt(actor, step, actors)) {
      if (shape.allows(action.type(), actors.size())) {
        events.add(Event.of(actor, step.point(), action));
      }
    }
  }

  private List<Action> actionsAt(String actor, Step step, List<String> actors) {
    List<Action> actions = new ArrayList<>();
    if (step.op() != Op.SWITCH && step.op() != Op.COMMIT && step.op() != Op.UNSEEN) {
      actors.stream().filter(to -> !to.equals(actor)).map(Action.Switch::new).forEach(actions::add);
      actions.add(new Action.Delay(DELAY));
      actions.addAll(FREEZES);
      actions.addAll(STRIKES);
      actions.addAll(MOVES);
      if (hasAlarms()) {
        actions.add(new Action.Expire());
      }
    }
    ERRORS.getOrDefault(step.op(), List.of()).forEach(errno -> actions.add(new Action.Fail(errno)));
    if (step.op().mayBlock()) {
      actions.addAll(FREEZES_INSIDE);
      if (!hasAlarms()) {
        actions.add(new Action.Expire());
      }
    }
    if (step.op() == Op.LOAD) {
      Arrays.stream(STALE).mapToObj(Action.Stale::new).forEach(actions::add);
    } else if (step.op() == Op.RMW) {
      actions.add(new Action.Spurious());
    } else if (step.op() == Op.STORE) {
      Arrays.stream(HOLD).mapToObj(n -> new Action.Hold(step.point() + n)).forEach(actions::add);
    } else if (step.op().isMessage()) {
      addFrameActions(actions);
    }
    if (step.op().isMessage() || step.op() == Op.CALL) {
      Arrays.stream(LENGTHS).filter(n -> n > 0).mapToObj(Action.Short::new).forEach(actions::add);
    }
    return actions;
  }

  /** Time that passes is then no fault, and may pass anywhere. */
  private boolean hasAlarms() {
    return shape.extras().contains(ActionType.EXPIRE) && !shape.extras().contains(ActionType.FAIL);
  }

  private void addFrameActions(List<Action> actions) {
    for (int length : LENGTHS) {
      actions.add(new Action.Trim(length));
      actions.add(new Action.Extend(length + 1));
      actions.add(new Action.Split(length + 1));
    }
    for (ActionType type : ActionType.values()) {
      if (type.family() == ActionType.DROP.family() && type.fields().isEmpty()) {
        actions.add(type.create(List.of()));
      }
    }
    for (String field : shape.fields()) {
      for (long value : VALUES) {
        actions.add(new Action.Rewrite(field, value));
      }
    }
  }
}
