package dev.cryofuzz.report;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Scheduling;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reports of made-up runs. */
final class Samples {
  private Samples() {}

  static Scenario scenario() {
    Event stale = new Event(Anchor.at("reader", 2).withSite("queue.c:57", 0), new Action.Stale(1));
    return Scenario.of("queue", "no-barrier", MemoryModel.WEAK)
        .withParams(Map.of("writers", 1, "messages", 3))
        .withEvents(List.of(stale))
        .withBuild("0123456789abcdef")
        .withExpect("stale-read in queue.pop");
  }

  static Scenario original() {
    return scenario()
        .withMoreEvents(
            List.of(
                Event.of("reader", 0, new Action.Switch("writer0")),
                Event.of("writer0", 1, new Action.Hold(3))));
  }

  static Trace trace() {
    return new Trace(
        List.of("writer0", "reader"),
        List.of(
            at(1, step(0, 0, Op.STORE, "queue.c:41", 0x40, 7)),
            at(1, step(0, 1, Op.STORE, "queue.c:42", 0, 1, Flag.HELD)),
            step(0, 2, Op.FENCE, "queue.c:43", 0, 0),
            at(2, step(0, 2, Op.COMMIT, "queue.c:42", 0, 1)),
            step(0, 3, Op.SWITCH, "queue.c:43", 0, 1),
            at(2, step(1, 0, Op.LOAD, "queue.c:52", 0, 1, Flag.ATOMIC)),
            step(1, 0, Op.YIELD, "queue.c:53", 0, 1),
            at(2, step(1, 1, Op.LOAD, "queue.c:52", 0, 1)),
            step(1, 2, Op.LOAD, "queue.c:57", 0x40, -1, Flag.EVENT, Flag.STALE),
            step(1, 3, Op.RECV, "queue.c:60", 1, 12, Flag.TIMEOUT),
            step(1, 4, Op.LOAD, "queue.c:61", 0x100, 0),
            step(1, 5, Op.LOAD, "queue.c:61", 0x100, 0),
            step(1, 6, Op.FAIL, "queue.c:62", 0, 0)),
        0xfeed_0000_0000_0001L,
        false);
  }

  private static Trace passing() {
    List<Step> steps = new ArrayList<>(trace().steps().subList(0, 8));
    steps.add(at(1, step(1, 2, Op.LOAD, "queue.c:57", 0x40, 7)));
    steps.add(step(1, 3, Op.END, "", 0, 0));
    return new Trace(trace().actors(), steps, 2, false);
  }

  private static Step step(
      int actor, int point, Op op, String site, long address, long value, Flag... flags) {
    int size = op == Op.FENCE ? 3 : 8;
    return new Step(actor, point, op, site, address, size, value, 0, Set.of(flags));
  }

  /** Committed, or loaded from a commit, at that time. */
  private static Step at(long time, Step step) {
    return new Step(
        step.actor(),
        step.point(),
        step.op(),
        step.site(),
        step.address(),
        step.size(),
        step.value(),
        time,
        step.flags());
  }

  static FindingReport report() {
    return report(
        new Finding(Title.parse("stale-read in queue.pop"), "item 7 was taken again"), scenario());
  }

  static FindingReport ofOnesOwn(String library) {
    return report(report().finding(), scenario().withLibrary(Optional.of(library)));
  }

  /** A target that wants to break out of whatever shows its texts. */
  static FindingReport hostile() {
    String evil = "```\n</details><script>alert(1)</script> @you #1 \u001b[2J\u202e``x";
    Title title = Title.parse("invariant in `rm -rf`|<b>*x*</b> [a](http://b)");
    return report(
        new Finding(title, evil), scenario().withMemory(MemoryModel.SC).withEvents(List.of()));
  }

  /** Everything that can be long is. */
  static FindingReport endless() {
    FindingReport run = longRun();
    String log = "a line of a log with `ticks` and no end\n".repeat(10_000);
    List<Event> events =
        IntStream.range(0, Scenario.MAX_EVENTS)
            .mapToObj(point -> Event.of("reader", point, new Action.Delay(1)))
            .toList();
    return new FindingReport(
        new Finding(run.title(), "x".repeat(4_000)),
        run.subject(),
        run.scenario().withEvents(events),
        run.original(),
        run.minimizing(),
        run.confirmed(),
        run.oneHash(),
        run.control(),
        run.trace(),
        run.passing(),
        run.sources(),
        log,
        log,
        run.scheduling(),
        run.discovered(),
        new TreeMap<>(Map.of("criu check --all", log)));
  }

  static FindingReport longRun() {
    return longRun(5_000);
  }

  static FindingReport longRun(int points) {
    List<Step> steps =
        IntStream.range(0, points)
            .mapToObj(point -> step(point % 2, point, Op.STORE, "queue.c:41", 0x40, point))
            .toList();
    Trace trace = new Trace(List.of("writer0", "reader"), steps, 1, false);
    return report(report().finding(), scenario(), trace);
  }

  private static FindingReport report(Finding finding, Scenario scenario) {
    return report(finding, scenario, trace());
  }

  private static FindingReport report(Finding finding, Scenario scenario, Trace trace) {
    return new FindingReport(
        finding,
        new Subject(
            "pointers handed over from writers to a reader",
            "neither barrier, *nor* <b>lock</b>",
            true,
            new TreeMap<>(Map.of("messages=3", "messages of each @writer")),
            Optional.of("one C file")),
        scenario.withExpect(finding.title().text()),
        original(),
        Optional.of(new Minimizing(63, 120, true, 1, 0)),
        new Rate(10, 10),
        true,
        Optional.of(new Control("the events", new Rate(0, 10))),
        trace,
        Optional.of(new PassingRun("the events", scenario.withEvents(List.of()), passing())),
        new TreeMap<>(
            Map.of(
                "queue.c:41",
                "item->tag = tag_of(\"<b>\" && 1);",
                "queue.c:57",
                "x = q->fifo[out];")),
        "spy waits in compel.recv:\n  #0 poll (libc.so.6)\n",
        "[  12.345678] victim[7]: segfault at 0\n",
        Optional.of(scheduling()),
        Optional.of(new Discovery(1, 1234, 5678, false)),
        new TreeMap<>(
            Map.of(
                "kernel", "Linux 6.1",
                "cpu", "Some | CPU `x`",
                "criu check --all", "Warn  one\nLooks good but </details>\n")));
  }

  /** The reader is pushed away by the writer, and still runs in the end. */
  static Scheduling scheduling() {
    return new Scheduling(
        Scheduling.Source.TRACEPOINTS,
        "",
        List.of(
            new Scheduling.Sum("writer0", 71, 0, 20_000, 80_000, 1),
            new Scheduling.Sum("reader", 72, 95_000, 95_000, 130_000, 2)),
        List.of(
            new Scheduling.Period("reader", 1, 600_000, 0, 0, 100_000, 'R'),
            new Scheduling.Period("writer0", 1, 680_000, 0, 20_000, 80_000, 'S'),
            new Scheduling.Period(
                "reader", 0, 725_000, 95_000, 95_000, 30_000, Scheduling.STILL_RUNNING)),
        0,
        0);
  }
}
