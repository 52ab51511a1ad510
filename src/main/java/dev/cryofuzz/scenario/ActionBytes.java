package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Event records for one choice of actors. See {@link ScenarioBytes} for the layout. */
final class ActionBytes {
  private static final int COMMANDS = Action.Infect.MAX_COMMANDS + 1;

  private final Map<String, Integer> params;
  private final List<String> actors;
  private final List<List<String>> others;
  private final List<String> fields;
  private final List<ActionType> types;

  ActionBytes(Shape shape, Map<String, Integer> params) {
    this.params = Map.copyOf(params);
    this.actors = shape.actors(params);
    this.others = actors.stream().map(this::withoutThat).toList();
    this.fields = shape.fields();
    this.types =
        Arrays.stream(ActionType.values())
            .filter(type -> shape.allows(type, actors.size()))
            .toList();
  }

  private List<String> withoutThat(String actor) {
    return actors.stream().filter(name -> !name.equals(actor)).toList();
  }

  boolean isFor(Map<String, Integer> values) {
    return params.equals(values);
  }

  /** Whether no event is possible at all. */
  boolean isEmpty() {
    return types.isEmpty() || actors.isEmpty();
  }

  Event decode(EventRecord in) {
    ActionType type = types.get(in.op() % types.size());
    int actor = in.actor() % actors.size();
    int point = in.point();
    int arg = in.arg();
    if (type == ActionType.HOLD || type == ActionType.EARLY) {
      return ahead(type, actor, Math.min(point, Anchor.MAX_POINT - 1), arg);
    }
    return Event.of(actors.get(actor), point, action(type, actor, arg, in.value()));
  }

  void encode(Event event, ByteOutput out) {
    ActionType type = event.action().type();
    int op = types.indexOf(type);
    int actor = actors.indexOf(event.at().actor());
    int arg = arg(event, actor);
    if (op < 0 || actor < 0 || arg < 0) {
      throw new IllegalArgumentException(
          "at=" + event.at().text() + " do=" + event.action() + ": not of this shape");
    }
    int point = event.at().point();
    long value = event.action() instanceof Action.Rewrite rewrite ? rewrite.value() : 0;
    new EventRecord(op, point, actor, arg, value).write(out);
  }

  private Event ahead(ActionType type, int actor, int point, int arg) {
    long later = point + 1 + arg % (Anchor.MAX_POINT - point);
    return Event.of(actors.get(actor), point, type.create(List.of(later)));
  }

  private Action action(ActionType type, int actor, int arg, long value) {
    if (type == ActionType.SWITCH) {
      return new Action.Switch(others.get(actor).get(arg % (actors.size() - 1)));
    }
    if (type == ActionType.INFECT) {
      return new Action.Infect(Action.Infect.INJECT, arg % COMMANDS, where(arg / COMMANDS));
    }
    if (type == ActionType.CHECKPOINT) {
      return new Action.Checkpoint(Action.Checkpoint.CRIU, where(arg));
    }
    if (type == ActionType.STOP) {
      int with = Action.Stop.WITH.size();
      return new Action.Stop(Action.Stop.WITH.get(arg % with), where(arg / with));
    }
    if (type == ActionType.FAIL) {
      return new Action.Fail(Errno.values()[arg % Errno.values().length]);
    }
    if (type == ActionType.SIGNAL) {
      return new Action.Signalled(Signal.values()[arg % Signal.values().length]);
    }
    if (type == ActionType.REWRITE) {
      return new Action.Rewrite(fields.get(arg % fields.size()), value);
    }
    if (type.fields().isEmpty()) {
      return type.create(List.of());
    }
    ActionField number = type.fields().get(0);
    return type.create(List.of(number.min() + arg % (number.max() - number.min() + 1)));
  }

  private static Where where(int arg) {
    return new Where(arg % Where.COUNT);
  }

  /** The number that decodes to the event's argument, negative if there is none. */
  private int arg(Event event, int actor) {
    Action action = event.action();
    if (action instanceof Action.Switch to) {
      return actor < 0 ? -1 : others.get(actor).indexOf(to.to());
    }
    if (action instanceof Action.Infect infect) {
      return infect.commands() + COMMANDS * infect.where().number();
    }
    if (action instanceof Action.Checkpoint checkpoint) {
      return checkpoint.where().number();
    }
    if (action instanceof Action.Stop stop) {
      List<String> with = Action.Stop.WITH;
      return with.indexOf(stop.with()) + with.size() * stop.where().number();
    }
    if (action instanceof Action.Fail fail) {
      return fail.errno().ordinal();
    }
    if (action instanceof Action.Signalled signal) {
      return signal.signo().ordinal();
    }
    if (action instanceof Action.Rewrite rewrite) {
      return fields.indexOf(rewrite.field());
    }
    if (action instanceof Action.Ahead ahead) {
      return ahead.later() - event.at().point() - 1;
    }
    if (action.arguments().isEmpty()) {
      return 0;
    }
    return (int) ((Long) action.arguments().get(0) - action.type().fields().get(0).min());
  }
}
