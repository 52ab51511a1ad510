package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.report.SelftestTable;
import dev.cryofuzz.report.Trial;
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
            + " no good one may fail. Prints a table; exits with 0 if all is as it should be, with 5"
            + " if a planted bug was missed, with 1 if something else was found.")
final class SelftestCommand implements Callable<Integer> {
  @Option(names = "--target", split = ",", paramLabel = "T", description = "All unless told.")
  private List<String> targets = List.of();

  @Option(
      names = "--time",
      converter = DurationOption.class,
      defaultValue = "30s",
      paramLabel = "TIME",
      description = "At most so long for a bad variant, and a tenth of it for a good one.")
  private Duration time;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      paramLabel = "N",
      description = "Do it with so many seeds.")
  private int seeds;

  @Option(names = "--seed", defaultValue = "1", paramLabel = "S", description = "The first seed.")
  private long seed;

  private final Surroundings around;

  SelftestCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    if (seeds < 1) {
      throw new UsageError("--seeds " + seeds + ": expected a number from 1 on");
    }
    List<Trial> trials = new ArrayList<>();
    try (Selftest selftest = new Selftest(around, time)) {
      for (long each = seed; each < seed + seeds; each++) {
        trials.addAll(selftest.run(targets, each));
      }
    }
    around.console().data(SelftestTable.of(trials).stripTrailing());
    return trials.stream()
        .filter(trial -> !trial.passed())
        .mapToInt(SelftestCommand::exitCode)
        .reduce(ExitCode.CLEAN, ExitCode::worst);
  }

  private static int exitCode(Trial trial) {
    if (trial.broken().isPresent()) {
      return ExitCode.FAULT;
    }
    return trial.found().isEmpty() ? ExitCode.NOT_REPRODUCED : ExitCode.FINDINGS;
  }
}
