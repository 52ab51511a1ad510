package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.trace.Cell;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A finding's run in the trace event format, which ui.perfetto.dev opens: a process for each run, a
 * track for each actor, a slice for each step, arrows for switches and from writers to readers.
 * Time counts steps: what is held still has no other.
 */
final class PerfettoJson {
  private static final int FAILING = 1;
  private static final int PASSING = 2;

  /** Microseconds of a step; an arrow begins and ends in the middle. */
  private static final long STEP = 10;

  /** More than actors, so that no two tracks of a trace have one number. */
  private static final int TRACKS = 100;

  private final FindingReport report;
  private final List<ObjectNode> events = new ArrayList<>();
  private int arrows;

  private PerfettoJson(FindingReport report) {
    this.report = report;
  }

  static String of(FindingReport report) {
    PerfettoJson json = new PerfettoJson(report);
    json.runs();
    ObjectNode other = Json.object();
    other.put("title", report.title().text());
    other.put("scenario", Sentences.of(report.scenario()));
    other.put("trace", report.trace().hashText());
    return "{\"displayTimeUnit\":\"ms\",\"otherData\":"
        + Json.line(other).strip()
        + ",\"traceEvents\":[\n"
        + json.events.stream()
            .map(event -> Json.line(event).strip())
            .collect(Collectors.joining(",\n"))
        + "\n]}\n";
  }

  private void runs() {
    run(FAILING, report.title().text(), RunView.failing(report));
    String without = report.passing().map(PassingRun::without).orElse("");
    RunView.passing(report).ifPresent(run -> run(PASSING, "passes without " + without, run));
  }

  private void run(int process, String name, RunView run) {
    named("process_name", process, 0, name);
    for (int actor = 0; actor < run.trace().actors().size(); actor++) {
      named("thread_name", process, actor, run.trace().actors().get(actor));
      ObjectNode order = meta("thread_sort_index", process, actor);
      order.putObject("args").put("sort_index", actor);
    }
    for (int row = 0; row < run.rows(); row++) {
      step(process, run, row);
    }
  }

  private void step(int process, RunView run, int row) {
    Step step = run.step(row);
    slice(process, run, row);
    List<Event> here = run.events(row);
    here.forEach(
        event ->
            instant(
                process, run, row, event.action().family().text(), Sentences.of(event.action())));
    if (here.isEmpty() && step.has(Flag.EVENT)) {
      instant(process, run, row, "event", "event");
    }
    if (step.op() == Op.FAIL) {
      instant(process, run, row, "finding", report.title().text());
    }
    if (step.op() == Op.SWITCH) {
      next(run, row, step.value()).ifPresent(to -> arrow(process, run, "switch", row, to));
    }
    if (run.origin(row) >= 0) {
      arrow(process, run, step.op().isMessage() ? "message" : "reads-from", run.origin(row), row);
    }
  }

  private static Optional<Integer> next(RunView run, int after, long actor) {
    for (int row = after + 1; row < run.rows(); row++) {
      if (run.step(row).actor() == actor) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private void slice(int process, RunView run, int row) {
    Step step = run.step(row);
    String name = Cell.operation(run.trace(), step);
    ObjectNode slice = event("X", process, step.actor(), row * STEP, step.op().text(), name);
    slice.put("dur", STEP);
    ObjectNode args = slice.putObject("args");
    args.put("point", run.trace().actor(step) + "#" + step.point());
    if (!step.site().isEmpty()) {
      args.put("site", Printable.line(step.site()));
      String line = report.sources().getOrDefault(step.site(), "");
      if (!line.isEmpty()) {
        args.put("source", Printable.line(line));
      }
    }
    List<Flag> special = Cell.special(step);
    if (!special.isEmpty()) {
      ArrayNode flags = args.putArray("flags");
      special.forEach(flag -> flags.add(flag.text()));
    }
    run.parts(row).stream()
        .map(number -> run.offence().get(number - 1).role())
        .reduce((one, other) -> one + ", " + other)
        .ifPresent(role -> args.put("finding", role));
  }

  private void instant(int process, RunView run, int row, String kind, String name) {
    event("i", process, run.step(row).actor(), row * STEP, kind, name).put("s", "t");
  }

  private void arrow(int process, RunView run, String kind, int from, int to) {
    int id = ++arrows;
    long middle = STEP / 2;
    event("s", process, run.step(from).actor(), from * STEP + middle, kind, kind).put("id", id);
    event("f", process, run.step(to).actor(), to * STEP + middle, kind, kind)
        .put("id", id)
        .put("bp", "e");
  }

  private void named(String what, int process, int track, String name) {
    meta(what, process, track).putObject("args").put("name", Printable.line(name));
  }

  private ObjectNode meta(String what, int process, int track) {
    return event("M", process, track, 0, "__metadata", what);
  }

  /** Perfetto keeps track 0 for the kernel's idle thread. */
  private ObjectNode event(
      String phase, int process, int actor, long time, String kind, String name) {
    ObjectNode event = Json.object();
    int track = process * TRACKS + actor;
    event.put("ph", phase).put("pid", process).put("tid", track).put("ts", time);
    event.put("cat", kind).put("name", Printable.line(name));
    events.add(event);
    return event;
  }
}
