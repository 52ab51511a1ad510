package dev.cryofuzz.executor;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.target.TargetDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes scenarios as plans into the control block. The plan has the events sorted by actor, then
 * point, and lacks those of actors that do not play with the scenario's params; so it remembers
 * which event of the plan is which event of the scenario.
 */
final class PlanWriter {
  /**
   * Points of all actors together before a run is a hang. Part of what a scenario means, so no
   * option: a hundred times the default run of a target of usual size.
   */
  static final int BUDGET = 20_000;

  private final SharedMemory control;
  private final TargetDescription target;
  private final Sites sites;
  private final Cast cast;

  /** Of each event of the plan: its sort key, and its index in the scenario in the low bits. */
  private final long[] order = new long[ControlLayout.MAX_EVENTS];

  private int events;

  PlanWriter(SharedMemory control, TargetDescription target, Sites sites, Cast cast) {
    this.control = control;
    this.target = target;
    this.sites = sites;
    this.cast = cast;
  }

  /** How many events the last plan had. */
  int events() {
    return events;
  }

  /** Which event of the last scenario is this event of its plan. */
  int scenarioIndex(int planIndex) {
    return (int) order[planIndex] & 0xff;
  }

  void write(Scenario scenario, RunMode mode) {
    if (!scenario.target().equals(target.name())) {
      throw new IllegalArgumentException(
          "target=" + scenario.target() + ": this executor runs " + target.name());
    }
    control.putInt(ControlLayout.PLAN_VARIANT, target.variantIndex(scenario.variant()));
    control.putInt(ControlLayout.PLAN_MEMORY, scenario.memory().number());
    control.putInt(ControlLayout.PLAN_FLAGS, flags(mode) | flags(scenario.options()));
    control.putInt(ControlLayout.PLAN_BUDGET, BUDGET);
    writeParams(scenario.params());
    writeEvents(scenario, mode);
    write(Circumstances.USUAL);
  }

  /** Of the plan that was written last. */
  void write(Circumstances circumstances) {
    int without = 0;
    for (ActionType type : circumstances.without()) {
      without |= 1 << type.number();
    }
    control.putInt(ControlLayout.PLAN_WITHOUT, without);
    control.putInt(ControlLayout.PLAN_ORDERED, circumstances.orders().size());
    for (int i = 0; i < circumstances.orders().size(); i++) {
      SiteOrder order = circumstances.orders().get(i);
      int site =
          sites
              .id(order.site())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException("site=" + order.site() + ": not in this build"));
      control.putInt(ControlLayout.PLAN_ORDER + 4 * i, site | order.order().number() << 16);
    }
  }

  private static int flags(RunMode mode) {
    return (mode.feedback() ? ControlLayout.PLAN_FEEDBACK : 0)
        | (mode.audit() ? ControlLayout.PLAN_AUDIT : 0)
        | (mode.scheduling() ? ControlLayout.PLAN_SCHEDULING : 0);
  }

  private static int flags(Set<RunOption> options) {
    int flags = 0;
    for (RunOption option : options) {
      flags |=
          switch (option) {
            case RACES -> ControlLayout.PLAN_RACES;
            case TEARING -> ControlLayout.PLAN_TEARING;
            case UNORDERED_LOADS -> ControlLayout.PLAN_UNORDERED_LOADS;
          };
    }
    return flags;
  }

  private void writeParams(Map<String, Integer> given) {
    int known = 0;
    for (int i = 0; i < target.params().size(); i++) {
      Param param = target.params().get(i).param();
      Integer value = given.get(param.name());
      known += value == null ? 0 : 1;
      control.putInt(ControlLayout.PLAN_PARAMS + 4 * i, checked(param, value));
    }
    if (known != given.size()) {
      given.keySet().forEach(target::param);
    }
  }

  private static int checked(Param param, Integer value) {
    if (value == null) {
      return param.def();
    }
    if (!param.accepts(value)) {
      throw new IllegalArgumentException(
          param.name() + "=" + value + ": expected " + param.min() + " to " + param.max());
    }
    return value;
  }

  private void writeEvents(Scenario scenario, RunMode mode) {
    List<String> actors = cast.actors(scenario.params());
    sort(scenario.events(), actors);
    for (int i = 0; i < events; i++) {
      Event event = scenario.events().get(scenarioIndex(i));
      int at = ControlLayout.event(i);
      control.putInt(at, event.action().type().number() | actors.indexOf(event.at().actor()) << 8);
      writeAnchor(at, event, mode);
      writeArgument(at, event, actors);
    }
    control.putInt(ControlLayout.PLAN_EVENTS, events);
  }

  /** Insertion sort: there are few, and they come nearly sorted. */
  private void sort(List<Event> all, List<String> actors) {
    events = 0;
    for (int i = 0; i < all.size(); i++) {
      Event event = all.get(i);
      int actor = actors.indexOf(event.at().actor());
      if (actor >= 0 && plays(event.action(), actors)) {
        insert((long) actor << 32 | (long) event.at().point() << 8 | i);
      }
    }
  }

  private static boolean plays(Action action, List<String> actors) {
    return !(action instanceof Action.Switch to) || actors.contains(to.to());
  }

  private void insert(long key) {
    int i = events++;
    for (; i > 0 && order[i - 1] > key; i--) {
      order[i] = order[i - 1];
    }
    order[i] = key;
  }

  private void writeAnchor(int at, Event event, RunMode mode) {
    int site =
        mode.bySite() && event.at().site().isPresent()
            ? sites.id(event.at().site().get()).orElse(0)
            : 0;
    control.putByte(at + ControlLayout.EVENT_BY_SITE, (byte) (site == 0 ? 0 : 1));
    control.putInt(at + ControlLayout.EVENT_POINT, event.at().point());
    control.putInt(at + ControlLayout.EVENT_SITE, site);
    control.putInt(at + ControlLayout.EVENT_NTH, event.at().nth());
  }

  private void writeArgument(int at, Event event, List<String> actors) {
    int arg = 0;
    long value = 0;
    Action action = event.action();
    if (action instanceof Action.Switch it) {
      arg = actors.indexOf(it.to());
    } else if (action instanceof Action.Ahead it) {
      arg = it.later() - event.at().point();
    } else if (action instanceof Action.Rewrite it) {
      arg = target.fieldIndex(it.field());
      value = it.value();
    } else if (action instanceof Action.Infect it) {
      arg = it.commands() | it.where().number() << 8;
    } else if (action instanceof Action.Checkpoint it) {
      arg = it.where().number() << 8;
    } else if (action instanceof Action.Stop it) {
      arg = Action.Stop.WITH.indexOf(it.with()) | it.where().number() << 8;
    } else if (action instanceof Action.Fail it) {
      arg = it.errno().number();
    } else if (action instanceof Action.Signalled it) {
      arg = it.signo().number();
    } else if (!action.arguments().isEmpty()) {
      arg = (int) (long) (Long) action.arguments().get(0);
    }
    control.putInt(at + ControlLayout.EVENT_ARG, arg);
    control.putLong(at + ControlLayout.EVENT_VALUE, value);
  }
}
