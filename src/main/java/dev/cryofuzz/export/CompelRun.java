package dev.cryofuzz.export;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A failing run of the target compel.
 *
 * @param summary what is said of its variant
 * @param params the values of all of the target's, those of the scenario and defaults
 * @param defaults the defaults alone
 */
public record CompelRun(
    Finding finding,
    Scenario scenario,
    String summary,
    Trace trace,
    Map<String, Integer> params,
    Map<String, Integer> defaults) {
  private static final Set<Op> MESSAGES = EnumSet.of(Op.SEND, Op.RECV);

  public CompelRun {
    params = Map.copyOf(params);
    defaults = Map.copyOf(defaults);
  }

  int param(String name) {
    return params.getOrDefault(name, 0);
  }

  String site() {
    return finding.title().site().replaceFirst("^compel\\.", "");
  }

  /** The one that damages a message, if any. */
  Optional<Event> damage() {
    List<Event> events = scenario.events();
    if (events.size() > 1) {
      throw new Refusal("it has more than one event");
    }
    return events.stream().findFirst();
  }

  /** Which of libcompel's messages that is, from 0. */
  long message(Event event) {
    return trace.steps().stream()
        .filter(step -> MESSAGES.contains(step.op()) && step.point() < event.at().point())
        .count();
  }
}
