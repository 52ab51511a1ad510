package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.SchedulingTable;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.trace.Timeline;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a scenario once and shows what happened, step by step. */
@Command(
    name = "show",
    description =
        "Run a scenario once and show it as text: one column per actor, time goes down, events are"
            + " marked with *. Exits with 0 whatever it shows.")
final class ShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The scenario.")
  private Path file;

  @Option(names = "--width", defaultValue = "120", description = "Columns of the text.")
  private int width;

  @Option(
      names = "--carrier",
      converter = CarrierOption.class,
      completionCandidates = Candidates.Carriers.class,
      paramLabel = "C",
      description = "Where actors live: process (unless told) or fiber.")
  private Carrier carrier = Carrier.ANY;

  @Option(
      names = "--sched",
      description =
          "Also show what the kernel's scheduler did to each actor: wait time, scheduling delay and"
              + " run time of each period, as perf sched timehist prints them. As root; else the"
              + " sums of schedstat.")
  private boolean scheduling;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  ShowCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Entry entry = libraries.files(around.bench()).readOne(file);
    try (Executor executor = around.bench().on(carrier).open(entry.scenario().target())) {
      RunMode mode = Replay.mode(entry.scenario(), executor);
      TracedRun traced =
          executor.runTraced(entry.scenario(), scheduling ? mode.withScheduling() : mode);
      return show(entry, traced, executor.outcome());
    }
  }

  private int show(Entry entry, TracedRun traced, String outcome) {
    Verdict verdict = traced.run().verdict();
    if (verdict instanceof Verdict.Unsupported unsupported) {
      around.console().say("cryofuzz: can't run here: " + unsupported.reason());
      return ExitCode.NOTHING_COULD_RUN;
    }
    if (verdict instanceof Verdict.Broken broken) {
      around.console().say("cryofuzz: broken: " + broken.reason() + "; type: ./cryofuzz doctor");
      return ExitCode.FAULT;
    }
    around.console().data(Sentences.of(entry.scenario()));
    around
        .console()
        .data(verdict.found().map(Object::toString).map(Printable::line).orElse("pass"));
    if (!outcome.isEmpty()) {
      around.console().data("outcome " + outcome);
    }
    around.console().data("trace " + traced.trace().hashText() + "\n");
    around
        .console()
        .data(Timeline.render(traced.trace(), entry.scenario(), width, Integer.MAX_VALUE));
    if (!traced.evidence().isEmpty()) {
      around.console().data("\n" + Printable.lines(traced.evidence()));
    }
    traced
        .scheduling()
        .map(SchedulingTable::of)
        .ifPresent(text -> around.console().data("\n" + text));
    return ExitCode.CLEAN;
  }
}
