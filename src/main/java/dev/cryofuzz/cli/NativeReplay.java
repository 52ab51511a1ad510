package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Outcome;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.SchedulingTable;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.Cpu;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets the machine itself play scenarios, many times and without control: does it show what they
 * expect? What it does not show in so many runs may still be there.
 */
final class NativeReplay {
  private static final int PIECE = 20_000;
  private static final long SEED = 1;

  private final Surroundings around;
  private final RunMode mode;

  /**
   * @param scheduling whether what the scheduler did is shown too
   */
  NativeReplay(Surroundings around, boolean scheduling) {
    this.around = around;
    this.mode = scheduling ? RunMode.KEPT.withScheduling() : RunMode.KEPT;
  }

  ReplaySummary replay(List<Entry> entries, int times) {
    ReplaySummary summary = new ReplaySummary();
    try (OpenExecutors executors = new OpenExecutors(around.bench().on(Carrier.NATIVE))) {
      for (Entry entry : entries) {
        if (!around.stop().isAsked()) {
          replay(entry, executors.of(entry.scenario().target()), times, summary);
        }
      }
    }
    return summary;
  }

  private void replay(Entry entry, Executor executor, int times, ReplaySummary summary) {
    Outcomes outcomes = run(entry.scenario(), executor, times);
    Optional<String> cannot = cannot(outcomes.verdict());
    Optional<Boolean> passed =
        outcomes.verdict() instanceof Verdict.Unsupported
            ? Optional.empty()
            : Optional.of(cannot.isEmpty() && isAsExpected(entry, outcomes));
    int code = exitCode(entry.scenario(), outcomes);
    around.console().data(text(entry, outcomes, passed, cannot));
    if (mode.scheduling() && cannot.isEmpty()) {
      around.console().data(SchedulingTable.of(executor.scheduling(entry.scenario())));
    }
    summary.add(passed, code);
  }

  private Outcomes run(Scenario scenario, Executor executor, int times) {
    Outcomes outcomes = executor.runNatively(scenario, mode, SEED, Math.min(PIECE, times), false);
    while (outcomes.runs() < times && outcomes.made() > 0 && !around.stop().isAsked()) {
      int next = (int) Math.min(PIECE, times - outcomes.runs());
      outcomes = executor.runNatively(scenario, mode, SEED, next, true);
    }
    return outcomes;
  }

  private static Optional<String> cannot(Verdict verdict) {
    if (verdict instanceof Verdict.Unsupported unsupported) {
      return Optional.of("can't run here: " + unsupported.reason());
    }
    return verdict instanceof Verdict.Broken broken
        ? Optional.of("broken: " + broken.reason())
        : Optional.empty();
  }

  /** The expected finding at least once and no other; none, if none is expected. */
  private static boolean isAsExpected(Entry entry, Outcomes outcomes) {
    List<String> titles = titles(outcomes);
    return entry
        .scenario()
        .expect()
        .map(expected -> titles.equals(List.of(expected)))
        .orElse(titles.isEmpty());
  }

  private static List<String> titles(Outcomes outcomes) {
    return outcomes.seen().stream()
        .flatMap(seen -> seen.title().stream())
        .map(Object::toString)
        .distinct()
        .toList();
  }

  private static int exitCode(Scenario scenario, Outcomes outcomes) {
    if (outcomes.verdict() instanceof Verdict.Broken) {
      return ExitCode.FAULT;
    }
    if (!titles(outcomes).isEmpty()) {
      return ExitCode.FINDINGS;
    }
    boolean missed = scenario.expect().isPresent() && cannot(outcomes.verdict()).isEmpty();
    return missed ? ExitCode.NOT_REPRODUCED : ExitCode.CLEAN;
  }

  private String text(
      Entry entry, Outcomes outcomes, Optional<Boolean> passed, Optional<String> cannot) {
    StringBuilder out = new StringBuilder(word(passed));
    out.append(' ').append(Printable.line(entry.file().toString()));
    if (cannot.isPresent()) {
      return line(out, "actual", cannot.get()).toString();
    }
    int cpus = Cpu.usable().size();
    line(out, "native", count(outcomes.runs()) + " runs on " + Sentences.count(cpus, "processor"));
    entry.scenario().expect().ifPresent(title -> expected(out, title, outcomes));
    for (Outcome seen : outcomes.seen()) {
      line(out, "", count(seen.runs()) + "  " + shown(seen));
    }
    ignored(out, entry.scenario().events());
    return out.toString();
  }

  private String word(Optional<Boolean> passed) {
    return passed
        .map(good -> good ? around.console().good("PASS") : around.console().bad("FAIL"))
        .orElse("SKIP");
  }

  private static void expected(StringBuilder out, String title, Outcomes outcomes) {
    long shown =
        outcomes.seen().stream()
            .filter(seen -> seen.title().map(Object::toString).equals(Optional.of(title)))
            .mapToLong(Outcome::runs)
            .sum();
    String how =
        shown == 0
            ? "not shown in " + count(outcomes.runs()) + " runs"
            : "shown in " + count(shown) + " of " + count(outcomes.runs()) + " runs";
    line(out, "expected", title + ": " + how);
  }

  private static String shown(Outcome seen) {
    String title = seen.title().map(Object::toString).orElse("");
    String both = (seen.text() + "  " + title).strip();
    return both.isEmpty() ? "passes" : both;
  }

  private static void ignored(StringBuilder out, List<Event> events) {
    if (!events.isEmpty()) {
      line(
          out,
          "ignored",
          Sentences.count(events.size(), "event") + ", which nobody can cause here");
      events.forEach(event -> line(out, "", Sentences.of(event)));
    }
  }

  private static StringBuilder line(StringBuilder out, String name, String text) {
    return out.append(String.format("%n  %-10s%s", name, Printable.line(text)));
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
