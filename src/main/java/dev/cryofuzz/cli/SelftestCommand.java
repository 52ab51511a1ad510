package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.report.KeptTable;
import dev.cryofuzz.report.SelftestTable;
import dev.cryofuzz.report.Trial;
import dev.cryofuzz.target.TargetDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether cryofuzz finds what it must find, and nothing else. */
@Command(
    name = "selftest",
    description =
        "Fuzz every variant, beginning with nothing: each bad one must be found with its title, and"
            + " no good one may fail. Prints a table, and another one of what freezing a process must"
            + " keep and which planted bugs break it. Exits with 0 if all is as it should be, with 5"
            + " if a planted bug was missed, with 1 if something else was found, or if no bug is"
            + " planted for something that must be kept.")
final class SelftestCommand implements Callable<Integer> {
  @Option(
      names = "--target",
      completionCandidates = Candidates.Targets.class,
      split = ",",
      paramLabel = "T",
      description = "All unless told.")
  private List<String> targets = List.of();

  @Option(
      names = "--time",
      converter = DurationOption.class,
      defaultValue = "30s",
      paramLabel = "TIME",
      description = "At most so long for a bad variant, and a sixteenth of it for a good one.")
  private Duration time;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      paramLabel = "N",
      description = "Do it with so many seeds.")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1", paramLabel = "S", description = "The first seed.")
  private long seed;

  @Option(
      names = "--jobs",
      defaultValue = "1",
      paramLabel = "N",
      description = "Try so many variants at a time, each on a processor of its own.")
  private int jobs;

  private final Surroundings around;

  SelftestCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    if (seeds < 1) {
      throw new UsageError("--seeds " + seeds + ": expected a number from 1 on");
    }
    if (jobs < 1) {
      throw new UsageError("--jobs " + jobs + ": expected a number from 1 on");
    }
    List<String> names = targets.isEmpty() ? around.bench().targets() : targets;
    List<TargetDescription> described =
        names.stream().map(around.bench()::named).map(around.bench()::describe).toList();
    List<Trial> trials = new ArrayList<>();
    try (Selftest selftest = new Selftest(around, time, jobs)) {
      for (long each = seed; each < seed + seeds; each++) {
        trials.addAll(selftest.run(described, each));
      }
    }
    around.console().data(SelftestTable.of(trials).stripTrailing());
    int code =
        trials.stream()
            .filter(trial -> !trial.passed())
            .mapToInt(SelftestCommand::exitCode)
            .reduce(ExitCode.CLEAN, ExitCode::worst);
    if (around.stop().isAsked()) {
      around.console().say("stopped: of the other variants nothing is known");
    } else {
      code = ExitCode.worst(code, kept(described, trials));
    }
    around.console().data("\n" + SelftestTable.verdict(trials).stripTrailing());
    return code;
  }

  /** What was not caught has its exit code already; what nothing breaks was never looked for. */
  private int kept(List<TargetDescription> described, List<Trial> trials) {
    KeptTable table =
        new KeptTable(
            described.stream()
                .filter(target -> target.unsupported().isEmpty())
                .flatMap(
                    target ->
                        target.keeps().stream()
                            .map(item -> KeptTable.row(target.name(), item, trials)))
                .toList());
    if (!table.rows().isEmpty()) {
      around.console().data("\n" + table.text().stripTrailing());
    }
    boolean empty = table.rows().stream().anyMatch(KeptTable.Row::isEmpty);
    return empty ? ExitCode.FINDINGS : ExitCode.CLEAN;
  }

  private static int exitCode(Trial trial) {
    if (trial.broken().isPresent()) {
      return ExitCode.FAULT;
    }
    return trial.found().isEmpty() ? ExitCode.NOT_REPRODUCED : ExitCode.FINDINGS;
  }
}
