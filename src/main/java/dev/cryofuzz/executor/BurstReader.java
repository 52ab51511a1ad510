package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.SharedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads what came of a burst out of the control block, whose plan is then that of its last run. */
final class BurstReader {
  private final SharedMemory control;
  private final ResultReader result;

  BurstReader(SharedMemory control, ResultReader result) {
    this.control = control;
    this.result = result;
  }

  Burst read(Scenario scenario, List<String> actors) {
    Verdict verdict = result.verdict();
    boolean found = verdict instanceof Verdict.Found;
    return new Burst(
        control.getInt(ControlLayout.RUNS),
        control.getLong(ControlLayout.POINTS),
        verdict,
        result.hash(),
        found ? scenario.withMoreEvents(added(ControlLayout.PLAN, actors)) : scenario,
        control.getInt(ControlLayout.COMPLETE),
        control.getInt(ControlLayout.SCHEDULES),
        control.getInt(ControlLayout.EXHAUSTED) != 0,
        Strategy.values()[control.getInt(ControlLayout.BY)],
        shares(),
        control.getInt(ControlLayout.RESULT_TOLD));
  }

  private List<Burst.Share> shares() {
    List<Burst.Share> shares = new ArrayList<>();
    for (Strategy strategy : Strategy.values()) {
      int at = ControlLayout.share(strategy);
      int runs = control.getInt(at);
      if (runs > 0) {
        shares.add(new Burst.Share(strategy, runs, control.getInt(at + 4)));
      }
    }
    return shares;
  }

  /** What has come of many runs around the scenario so far. */
  Outcomes readOutcomes(Scenario scenario, List<String> actors) {
    List<Outcome> seen = new ArrayList<>();
    for (int i = 0; i < control.getInt(ControlLayout.OUTCOMES_SEEN); i++) {
      seen.add(outcome(ControlLayout.seen(i), scenario, actors));
    }
    return new Outcomes(
        seen,
        control.getInt(ControlLayout.RUNS),
        control.getLong(ControlLayout.OUTCOMES_RUNS),
        control.getLong(ControlLayout.OUTCOMES_OTHERS),
        control.getInt(ControlLayout.OUTCOMES_IMPOSSIBLE),
        control.getInt(ControlLayout.OUTCOMES_COMPLETE),
        control.getLong(ControlLayout.OUTCOMES_COVERED),
        control.getInt(ControlLayout.OUTCOMES_EXHAUSTED) != 0,
        result.verdict());
  }

  private Outcome outcome(int at, Scenario scenario, List<String> actors) {
    Verdict verdict = result.seen(at);
    return new Outcome(
        control.getText(at + ControlLayout.SEEN_TEXT, ControlLayout.OUTCOME_BYTES),
        control.getInt(at + ControlLayout.SEEN_LISTED),
        verdict.title(),
        control.getLong(at + ControlLayout.SEEN_RUNS),
        facts(at + ControlLayout.SEEN_FACTS),
        scenario.withMoreEvents(added(at + ControlLayout.SEEN_PLAN, actors)));
  }

  private List<Integer> facts(int at) {
    return IntStream.range(0, ControlLayout.MAX_FACTS)
        .mapToObj(i -> control.getInt(at + 4 * i))
        .toList();
  }

  /** Of the plan that lies there. */
  private List<Event> added(int plan, List<String> actors) {
    List<Event> added = new ArrayList<>();
    int shift = plan - ControlLayout.PLAN;
    for (int i = 0; i < control.getInt(ControlLayout.PLAN_EVENTS + shift); i++) {
      int at = ControlLayout.event(i) + shift;
      if (control.getByte(at + ControlLayout.EVENT_ADDED) != 0) {
        added.add(event(at, actors));
      }
    }
    return added;
  }

  private Event event(int at, List<String> actors) {
    int point = control.getInt(at + ControlLayout.EVENT_POINT);
    String actor = actors.get(control.getByte(at + ControlLayout.EVENT_ACTOR));
    return Event.of(actor, point, action(at, point, actors));
  }

  private Action action(int at, int point, List<String> actors) {
    int op = control.getByte(at + ControlLayout.EVENT_OP);
    int arg = control.getInt(at + ControlLayout.EVENT_ARG);
    if (op == ActionType.SWITCH.number()) {
      return new Action.Switch(actors.get(arg));
    }
    if (op == ActionType.STALE.number()) {
      return new Action.Stale(arg);
    }
    if (op == ActionType.HOLD.number()) {
      return new Action.Hold(point + arg);
    }
    if (op == ActionType.EARLY.number()) {
      return new Action.Early(point + arg);
    }
    if (op == ActionType.SPURIOUS.number()) {
      return new Action.Spurious();
    }
    throw new HarnessException("a burst has added an unknown event: op=" + op);
  }
}
