package dev.cryofuzz.trace;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionField;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A run as text: one column per actor, from top to bottom in the order in which it happened, then
 * the place in the source, then {@code *} and the events that took effect. Only what others can see
 * is shown: switches, shared operations, messages, and where an actor waits or ends.
 */
public final class Timeline {
  public static final int DEFAULT_WIDTH = 120;

  private final Trace trace;
  private final Scenario scenario;

  private Timeline(Trace trace, Scenario scenario) {
    this.trace = trace;
    this.scenario = scenario;
  }

  public static String render(Trace trace, Scenario scenario) {
    return render(trace, scenario, DEFAULT_WIDTH, Integer.MAX_VALUE);
  }

  /** The last rows of the run, since what led to its end is there. */
  public static String render(Trace trace, Scenario scenario, int width, int maxRows) {
    return new Timeline(trace, scenario).text(width, maxRows);
  }

  /** The indexes of the steps that are worth a row. */
  public static List<Integer> shown(Trace trace) {
    HeldStores held = new HeldStores();
    return IntStream.range(0, trace.steps().size())
        .filter(index -> isShown(trace.steps().get(index), held))
        .boxed()
        .toList();
  }

  /**
   * What took effect at a step. An event that was found again by its site is at another point: then
   * only the step's flag tells of it.
   */
  public static List<Event> events(Trace trace, Step step, Scenario scenario) {
    return scenario.events().stream()
        .filter(event -> event.at().point() == step.point())
        .filter(event -> event.at().actor().equals(trace.actor(step)))
        .filter(event -> step.has(Flag.EVENT) || isSwitch(trace, step, event.action()))
        .toList();
  }

  /** Where control goes because of an event, the step itself does not say so. */
  private static boolean isSwitch(Trace trace, Step step, Action action) {
    return step.op() == Op.SWITCH
        && action instanceof Action.Switch to
        && step.value() == trace.actors().indexOf(to.to());
  }

  private String text(int width, int maxRows) {
    List<Step> shown = shown(trace).stream().map(trace.steps()::get).toList();
    int first = Math.max(0, shown.size() - maxRows);
    Columns columns = new Columns(trace.actors());
    shown.subList(first, shown.size()).forEach(step -> add(columns, step));
    return earlier(first) + columns.text(width);
  }

  private String earlier(int left) {
    if (left > 0) {
      return "(" + left + " earlier lines are left out)\n";
    }
    return trace.cut() ? "(earlier steps are missing)\n" : "";
  }

  private static boolean isShown(Step step, HeldStores held) {
    boolean silent = step.op() == Op.YIELD && !step.has(Flag.EVENT);
    return !held.isRoutine(step) && !silent;
  }

  private void add(Columns columns, Step step) {
    String words = events(step);
    String events = step.has(Flag.EVENT) || !words.isEmpty() ? "* " + words : "";
    columns.add(
        step.actor(), Cell.text(trace, step), (printable(step.site()) + "  " + events).strip());
  }

  private String events(Step step) {
    return events(trace, step, scenario).stream()
        .map(Event::action)
        .map(Timeline::words)
        .collect(Collectors.joining(", "));
  }

  /** As in "stale back=1". */
  private static String words(Action action) {
    StringBuilder text = new StringBuilder(action.text());
    List<ActionField> fields = action.type().fields();
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(fields.get(i).name()).append('=').append(action.arguments().get(i));
    }
    return text.toString();
  }

  /** File names are the target's; nothing in them moves a terminal's cursor or hides. */
  private static String printable(String site) {
    return site.replaceAll("\\p{C}", "?");
  }
}
