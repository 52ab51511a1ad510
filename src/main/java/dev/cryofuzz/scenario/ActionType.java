package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The closed list of what events do. One line here is all that the JSON reader, the writer, the
 * schema and the byte codec know of an action. Numbered like enum cf_do, which starts at 1.
 */
public enum ActionType {
  SWITCH("switch", Family.SCHEDULE, a -> new Action.Switch(a.text(0)), ActionField.name("to")),
  DELAY("delay", Family.SCHEDULE, a -> new Action.Delay(a.number(0)), number("for", 1, 65535)),
  STALE("stale", Family.MEMORY, a -> new Action.Stale(a.number(0)), number("back", 1, 16)),
  HOLD("hold", Family.MEMORY, a -> new Action.Hold(a.number(0)), number("until", 1, 65535)),
  TRIM("trim", Family.FRAME, a -> new Action.Trim(a.number(0)), number("to", 0, 65535)),
  EXTEND("extend", Family.FRAME, a -> new Action.Extend(a.number(0)), number("by", 1, 65535)),
  SPLIT("split", Family.FRAME, a -> new Action.Split(a.number(0)), number("after", 1, 65535)),
  MERGE("merge", Family.FRAME, a -> new Action.Merge()),
  EMPTY("empty", Family.FRAME, a -> new Action.Empty()),
  DUPLICATE("duplicate", Family.FRAME, a -> new Action.Duplicate()),
  REORDER("reorder", Family.FRAME, a -> new Action.Reorder()),
  DROP("drop", Family.FRAME, a -> new Action.Drop()),
  REWRITE(
      "rewrite",
      Family.FRAME,
      a -> new Action.Rewrite(a.text(0), a.bigNumber(1)),
      ActionField.name("field"),
      number("value", 0, 0xffff_ffffL)),
  STRAY_FD("stray-fd", Family.FRAME, a -> new Action.StrayFd()),
  INFECT(
      "infect",
      Family.FREEZE,
      a -> new Action.Infect(a.text(0), a.number(1), Where.of(a.text(2))),
      ActionField.text("with", "inject", "\"inject\""),
      number("commands", 0, Action.Infect.MAX_COMMANDS),
      where()),
  CHECKPOINT(
      "checkpoint",
      Family.FREEZE,
      a -> new Action.Checkpoint(a.text(0), Where.of(a.text(1))),
      ActionField.text("with", "criu", "\"criu\""),
      where()),
  STOP(
      "stop",
      Family.FREEZE,
      a -> new Action.Stop(a.text(0), Where.of(a.text(1))),
      ActionField.text("with", String.join("|", Action.Stop.WITH), "\"SIGSTOP\" or \"cgroup\""),
      where()),
  FAIL(
      "fail",
      Family.FAULT,
      a -> new Action.Fail(Errno.valueOf(a.text(0))),
      ActionField.text("errno", Errno.PATTERN, Errno.EXPECTED)),
  SHORT("short", Family.FAULT, a -> new Action.Short(a.number(0)), number("count", 1, 65535)),
  SIGNAL(
      "signal",
      Family.FAULT,
      a -> new Action.Signalled(Signal.valueOf(a.text(0))),
      ActionField.text("signo", Signal.PATTERN, Signal.EXPECTED)),
  KILL("kill", Family.FAULT, a -> new Action.Kill()),
  EXPIRE("expire", Family.FAULT, a -> new Action.Expire()),
  EARLY("early", Family.MEMORY, a -> new Action.Early(a.number(0)), number("store", 1, 65535)),
  SPURIOUS("spurious", Family.MEMORY, a -> new Action.Spurious()),
  AFFINITY(
      "affinity", Family.MACHINE, a -> new Action.Affinity(a.number(0)), number("cpu", 0, 255));

  private final String text;
  private final Family family;
  private final Function<Arguments, Action> constructor;
  private final List<ActionField> fields;

  ActionType(
      String text, Family family, Function<Arguments, Action> constructor, ActionField... fields) {
    this.text = text;
    this.family = family;
    this.constructor = constructor;
    this.fields = List.of(fields);
  }

  private static ActionField number(String name, long min, long max) {
    return ActionField.number(name, min, max);
  }

  private static ActionField where() {
    return ActionField.text("where", Where.PATTERN, Where.EXPECTED);
  }

  /** The value of "do" in JSON. */
  public String text() {
    return text;
  }

  public Family family() {
    return family;
  }

  /** The fields beside "do", in the order in which they are written. */
  public List<ActionField> fields() {
    return fields;
  }

  /** The number of this action in the control block. */
  public int number() {
    return ordinal() + 1;
  }

  /** The strongest memory model that can have this action. */
  public MemoryModel needs() {
    return switch (this) {
      case STALE, SPURIOUS -> MemoryModel.WEAK;
      case HOLD -> MemoryModel.X86;
      case EARLY -> MemoryModel.WEAK_EARLY;
      default -> MemoryModel.SC;
    };
  }

  public static Optional<ActionType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  public static Optional<ActionType> of(int number) {
    return number >= 1 && number <= values().length
        ? Optional.of(values()[number - 1])
        : Optional.empty();
  }

  public static Set<ActionType> of(Family family) {
    return Arrays.stream(values())
        .filter(type -> type.family == family)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The known names, for error messages. */
  public static String names() {
    return Arrays.stream(values()).map(ActionType::text).collect(Collectors.joining(", "));
  }

  /** Builds the action from the values of its fields: String for names, Long for numbers. */
  public Action create(List<Object> arguments) {
    if (arguments.size() != fields.size()) {
      throw new IllegalArgumentException(text + ": arguments=" + arguments);
    }
    check(arguments);
    return constructor.apply(new Arguments(arguments));
  }

  void check(List<Object> arguments) {
    for (int i = 0; i < fields.size(); i++) {
      fields.get(i).check(arguments.get(i));
    }
  }

  private record Arguments(List<Object> values) {
    String text(int index) {
      return (String) values.get(index);
    }

    long bigNumber(int index) {
      return (Long) values.get(index);
    }

    int number(int index) {
      return (int) bigNumber(index);
    }
  }
}
