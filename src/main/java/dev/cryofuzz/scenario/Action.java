package dev.cryofuzz.scenario;

import java.util.List;

/** One deviation from the default run. Bounds are those of the fields of its {@link ActionType}. */
public sealed interface Action {
  ActionType type();

  /** The values of the type's fields, in their order: String for names, Long for numbers. */
  List<Object> arguments();

  /** The value of "do" in JSON. */
  default String text() {
    return type().text();
  }

  default Family family() {
    return type().family();
  }

  /** The token goes to that actor. */
  record Switch(String to) implements Action {
    public Switch {
      ActionType.SWITCH.check(List.of(to));
    }

    @Override
    public ActionType type() {
      return ActionType.SWITCH;
    }

    @Override
    public List<Object> arguments() {
      return List.of(to);
    }
  }

  /** The others run for so many points before this actor goes on ("for" in JSON). */
  record Delay(int points) implements Action {
    public Delay {
      ActionType.DELAY.check(List.of((long) points));
    }

    @Override
    public ActionType type() {
      return ActionType.DELAY;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) points);
    }
  }

  /** The load reads a value so many versions older than the newest. */
  record Stale(int back) implements Action {
    public Stale {
      ActionType.STALE.check(List.of((long) back));
    }

    @Override
    public ActionType type() {
      return ActionType.STALE;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) back);
    }
  }

  /** What names a later point of its actor. */
  sealed interface Ahead extends Action permits Hold, Early {
    int later();

    Ahead withLater(int point);
  }

  /** The store stays in its actor's buffer until the actor reaches that later point. */
  record Hold(int until) implements Ahead {
    public Hold {
      ActionType.HOLD.check(List.of((long) until));
    }

    @Override
    public ActionType type() {
      return ActionType.HOLD;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) until);
    }

    @Override
    public int later() {
      return until;
    }

    @Override
    public Hold withLater(int point) {
      return new Hold(point);
    }
  }

  /** The store at that later point of its actor is seen by the others here already. */
  record Early(int store) implements Ahead {
    public Early {
      ActionType.EARLY.check(List.of((long) store));
    }

    @Override
    public ActionType type() {
      return ActionType.EARLY;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) store);
    }

    @Override
    public int later() {
      return store;
    }

    @Override
    public Early withLater(int point) {
      return new Early(point);
    }
  }

  /** A weak compare-exchange fails for no reason. */
  record Spurious() implements Action {
    @Override
    public ActionType type() {
      return ActionType.SPURIOUS;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** The message is cut to so many bytes. */
  record Trim(int to) implements Action {
    public Trim {
      ActionType.TRIM.check(List.of((long) to));
    }

    @Override
    public ActionType type() {
      return ActionType.TRIM;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) to);
    }
  }

  /** So many bytes are added to the message. */
  record Extend(int by) implements Action {
    public Extend {
      ActionType.EXTEND.check(List.of((long) by));
    }

    @Override
    public ActionType type() {
      return ActionType.EXTEND;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) by);
    }
  }

  /** The message arrives in two parts, split after so many bytes. */
  record Split(int after) implements Action {
    public Split {
      ActionType.SPLIT.check(List.of((long) after));
    }

    @Override
    public ActionType type() {
      return ActionType.SPLIT;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) after);
    }
  }

  /** The message arrives joined with the next one. */
  record Merge() implements Action {
    @Override
    public ActionType type() {
      return ActionType.MERGE;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** A message without bytes arrives first. */
  record Empty() implements Action {
    @Override
    public ActionType type() {
      return ActionType.EMPTY;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** The message arrives twice. */
  record Duplicate() implements Action {
    @Override
    public ActionType type() {
      return ActionType.DUPLICATE;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** The message changes places with the next one. */
  record Reorder() implements Action {
    @Override
    public ActionType type() {
      return ActionType.REORDER;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** The message never arrives. */
  record Drop() implements Action {
    @Override
    public ActionType type() {
      return ActionType.DROP;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** A field of the message, named by the target, gets this value (unsigned, 32 bits). */
  record Rewrite(String field, long value) implements Action {
    public Rewrite {
      ActionType.REWRITE.check(List.of(field, value));
    }

    @Override
    public ActionType type() {
      return ActionType.REWRITE;
    }

    @Override
    public List<Object> arguments() {
      return List.of(field, value);
    }
  }

  /** A file descriptor that nobody asked for comes with the message. */
  record StrayFd() implements Action {
    @Override
    public ActionType type() {
      return ActionType.STRAY_FD;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** What happens to an actor that is stopped. */
  sealed interface Freeze extends Action permits Infect, Checkpoint, Stop {
    Where where();

    Freeze withWhere(Where other);
  }

  /** A freezer stops the actor, infects it, has its parasite execute commands and cures it. */
  record Infect(String with, int commands, Where where) implements Freeze {
    /** The freezer of our own. */
    public static final String INJECT = "inject";

    static final int MAX_COMMANDS = 6;

    public Infect {
      ActionType.INFECT.check(List.of(with, (long) commands, where.text()));
    }

    @Override
    public ActionType type() {
      return ActionType.INFECT;
    }

    @Override
    public List<Object> arguments() {
      return List.of(with, (long) commands, where.text());
    }

    @Override
    public Infect withWhere(Where other) {
      return new Infect(with, commands, other);
    }
  }

  /** All actors are dumped, killed and restored while this one stands there. */
  record Checkpoint(String with, Where where) implements Freeze {
    /** The real one. */
    public static final String CRIU = "criu";

    public Checkpoint {
      ActionType.CHECKPOINT.check(List.of(with, where.text()));
    }

    @Override
    public ActionType type() {
      return ActionType.CHECKPOINT;
    }

    @Override
    public List<Object> arguments() {
      return List.of(with, where.text());
    }

    @Override
    public Checkpoint withWhere(Where other) {
      return new Checkpoint(with, other);
    }
  }

  /**
   * The actor, or with "cgroup" all of them, is stopped for a moment, and nothing is done to it.
   */
  record Stop(String with, Where where) implements Freeze {
    public static final String SIGSTOP = "SIGSTOP";
    public static final String CGROUP = "cgroup";

    /** Numbered like enum cf_stop. */
    public static final List<String> WITH = List.of(SIGSTOP, CGROUP);

    public Stop {
      ActionType.STOP.check(List.of(with, where.text()));
    }

    @Override
    public ActionType type() {
      return ActionType.STOP;
    }

    @Override
    public List<Object> arguments() {
      return List.of(with, where.text());
    }

    @Override
    public Stop withWhere(Where other) {
      return new Stop(with, other);
    }
  }

  /** The call fails, if it can fail so. */
  record Fail(Errno errno) implements Action {
    @Override
    public ActionType type() {
      return ActionType.FAIL;
    }

    @Override
    public List<Object> arguments() {
      return List.of(errno.name());
    }
  }

  /** The call transfers so many bytes, if it may transfer less than it was asked for. */
  record Short(int count) implements Action {
    public Short {
      ActionType.SHORT.check(List.of((long) count));
    }

    @Override
    public ActionType type() {
      return ActionType.SHORT;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) count);
    }
  }

  /** A signal comes: its handler runs, or what is default happens, or it stays pending. */
  record Signalled(Signal signo) implements Action {
    @Override
    public ActionType type() {
      return ActionType.SIGNAL;
    }

    @Override
    public List<Object> arguments() {
      return List.of(signo.name());
    }
  }

  /** The actor is killed. */
  record Kill() implements Action {
    @Override
    public ActionType type() {
      return ActionType.KILL;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /** The time-out of the call runs out before anything else happens. */
  record Expire() implements Action {
    @Override
    public ActionType type() {
      return ActionType.EXPIRE;
    }

    @Override
    public List<Object> arguments() {
      return List.of();
    }
  }

  /**
   * The actor goes on on that processor, counted from the one where all are, modulo their number.
   */
  record Affinity(int cpu) implements Action {
    public Affinity {
      ActionType.AFFINITY.check(List.of((long) cpu));
    }

    @Override
    public ActionType type() {
      return ActionType.AFFINITY;
    }

    @Override
    public List<Object> arguments() {
      return List.of((long) cpu);
    }
  }
}
