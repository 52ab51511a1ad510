package dev.cryofuzz.trace;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run as text: one column per actor, from top to bottom in the order in which it happened; the
 * number is the actor's point, {@code *} marks an event of the scenario. Only what others can see
 * is shown: switches, shared operations, messages, and where an actor waits or ends.
 */
public final class Timeline {
  public static final int DEFAULT_WIDTH = 120;

  private final Trace trace;
  private final Map<String, List<Event>> events = new HashMap<>();
  private final HeldStores held = new HeldStores();

  private Timeline(Trace trace, Scenario scenario) {
    this.trace = trace;
    for (Event event : scenario.events()) {
      events.computeIfAbsent(event.at().text(), at -> new ArrayList<>()).add(event);
    }
  }

  public static String render(Trace trace, Scenario scenario) {
    return render(trace, scenario, DEFAULT_WIDTH);
  }

  public static String render(Trace trace, Scenario scenario, int width) {
    return new Timeline(trace, scenario).text(width);
  }

  private String text(int width) {
    Columns columns = new Columns(trace.actors());
    for (Step step : trace.steps()) {
      if (isShown(step)) {
        columns.add(step.actor(), Cell.text(trace, step, take(step)));
      }
    }
    return (trace.cut() ? "(earlier steps are missing)\n" : "") + columns.text(width);
  }

  private boolean isShown(Step step) {
    boolean silent = step.op() == Op.YIELD && !step.has(Flag.EVENT);
    return !held.isRoutine(step) && !silent;
  }

  /** The events of that point, at the first step that says that one took effect. */
  private List<Event> take(Step step) {
    if (!step.has(Flag.EVENT)) {
      return List.of();
    }
    List<Event> taken = events.remove(trace.actor(step) + "#" + step.point());
    return taken == null ? List.of() : taken;
  }
}
