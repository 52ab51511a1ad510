package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A run as text: time goes down, one column per actor, then the place in the source and the events.
 * A step that an actor repeats without change (a spin) is one line.
 */
public final class Timeline {
  private final Trace trace;
  private final Scenario scenario;
  private final List<Row> rows = new ArrayList<>();

  private Timeline(Trace trace, Scenario scenario) {
    this.trace = trace;
    this.scenario = scenario;
    trace.steps().stream().filter(StepText::isShown).forEach(this::add);
  }

  /** The whole run. */
  public static String text(Trace trace, Scenario scenario) {
    return text(trace, scenario, Integer.MAX_VALUE);
  }

  /** The last rows of the run: what led to its end is there. */
  public static String text(Trace trace, Scenario scenario, int maxRows) {
    return new Timeline(trace, scenario).render(maxRows);
  }

  private void add(Step step) {
    Row row =
        new Row(
            step.actor(),
            step.point(),
            StepText.of(step, trace),
            Printable.line(step.site()),
            eventsAt(step),
            1);
    int last = rows.size() - 1;
    if (last >= 0 && rows.get(last).isRepeatedBy(row)) {
      rows.set(last, rows.get(last).again());
    } else {
      rows.add(row);
    }
  }

  private String eventsAt(Step step) {
    if (!step.has(Flag.EVENT)) {
      return "";
    }
    String actor = trace.actor(step);
    String events =
        scenario.events().stream()
            .filter(event -> isAt(event, actor, step.point()))
            .map(event -> Sentences.of(event.action()))
            .collect(Collectors.joining(", "));
    return "<== " + (events.isEmpty() ? "event" : events);
  }

  private static boolean isAt(Event event, String actor, int point) {
    return event.at().actor().equals(actor) && event.at().point() == point;
  }

  private String render(int maxRows) {
    int first = Math.max(0, rows.size() - maxRows);
    List<Row> shown = rows.subList(first, rows.size());
    List<Integer> widths = new ArrayList<>();
    for (int actor = 0; actor < trace.actors().size(); actor++) {
      widths.add(width(actor, shown));
    }
    StringBuilder out = new StringBuilder();
    appendHeader(out, widths);
    if (first > 0 || trace.cut()) {
      out.append(first > 0 ? first + " earlier lines left out" : "earlier steps are lost");
      out.append('\n');
    }
    shown.forEach(row -> row.append(out, widths));
    return out.toString();
  }

  private int width(int actor, List<Row> shown) {
    return shown.stream()
        .filter(row -> row.actor == actor)
        .mapToInt(row -> row.cell().length())
        .reduce(trace.actors().get(actor).length(), Math::max);
  }

  private void appendHeader(StringBuilder out, List<Integer> widths) {
    StringBuilder names = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    for (int actor = 0; actor < widths.size(); actor++) {
      String name = Printable.line(trace.actors().get(actor));
      names.append(name).append(" ".repeat(widths.get(actor) - name.length() + 2));
      lines.append("-".repeat(widths.get(actor))).append("  ");
    }
    out.append(names.toString().stripTrailing()).append('\n');
    out.append(lines.toString().stripTrailing()).append('\n');
  }

  private record Row(int actor, int point, String what, String site, String events, int times) {
    boolean isRepeatedBy(Row next) {
      return actor == next.actor
          && what.equals(next.what)
          && site.equals(next.site)
          && events.isEmpty()
          && next.events.isEmpty();
    }

    Row again() {
      return new Row(actor, point, what, site, events, times + 1);
    }

    String cell() {
      return "#" + point + " " + what + (times > 1 ? " ×" + times : "");
    }

    void append(StringBuilder out, List<Integer> widths) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.size(); column++) {
        String cell = column == actor ? cell() : "";
        line.append(cell).append(" ".repeat(widths.get(column) - cell.length() + 2));
      }
      line.append(site).append(events.isEmpty() ? "" : "  " + events);
      out.append(line.toString().stripTrailing()).append('\n');
    }
  }
}
