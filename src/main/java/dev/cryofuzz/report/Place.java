package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.Optional;
import java.util.function.Predicate;

/** A line of a source file, as traces name it: "queue.c:57". */
public record Place(String file, int line) {
  public static Optional<Place> parse(String text) {
    int colon = text.lastIndexOf(':');
    String line = text.substring(colon + 1);
    return colon > 0 && line.matches("[1-9][0-9]{0,6}")
        ? Optional.of(new Place(text.substring(0, colon), Integer.parseInt(line)))
        : Optional.empty();
  }

  /**
   * Where a run failed: where the target said so, else at the last event, else where it ended. A
   * title's site is the name of a place, not a line.
   */
  static Optional<Place> of(Trace trace, Scenario scenario) {
    return last(trace, step -> step.op() == Op.FAIL)
        .or(() -> last(trace, step -> step.has(Flag.EVENT)))
        .or(() -> lastEvent(scenario))
        .or(() -> last(trace, step -> true));
  }

  private static Optional<Place> last(Trace trace, Predicate<Step> wanted) {
    return trace.steps().stream()
        .filter(wanted)
        .flatMap(step -> parse(step.site()).stream())
        .reduce((earlier, later) -> later);
  }

  private static Optional<Place> lastEvent(Scenario scenario) {
    return scenario.events().stream()
        .flatMap(event -> event.at().site().flatMap(Place::parse).stream())
        .reduce((earlier, later) -> later);
  }

  public String text() {
    return file + ":" + line;
  }
}
