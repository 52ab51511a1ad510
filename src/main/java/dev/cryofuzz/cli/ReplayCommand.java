package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs saved scenarios again and says for each whether it did what it says. */
@Command(
    name = "replay",
    description = {
      "Run saved scenarios again, each in fresh processes: PASS if a scenario causes the finding"
          + " that it expects, or none if it expects none, else FAIL.",
      "The exit code tells what was found, also when it was expected: 1 if any run failed, 5 if an"
          + " expected finding did not appear, 0 if nothing did. With --as-expected it is 0 if all"
          + " is PASS."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int MAX_TIMES = 1_000_000;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Scenarios, folders of them, folders of findings.")
  private List<Path> paths;

  @Option(names = "--times", defaultValue = "1", description = "Run each so many times.")
  private int times;

  @Option(names = "--as-expected", description = "Exit with 0 if every scenario is PASS.")
  private boolean expected;

  @Option(names = "--strict", description = "Exit with 4 if any scenario can't run here.")
  private boolean strict;

  @Option(
      names = "--audit",
      description =
          "Protect the shared segment while running, and name each access to it that no hook"
              + " announces: cryofuzz does not control those.")
  private boolean audit;

  @Option(
      names = "--carrier",
      converter = ReplayCarrierOption.class,
      completionCandidates = Candidates.ReplayCarriers.class,
      paramLabel = "C",
      description =
          "Where actors live: process (unless told), fiber, or native: processes that nobody"
              + " controls, side by side on all processors, to see whether this machine itself shows"
              + " the finding; events can't happen there.")
  private Carrier carrier = Carrier.ANY;

  @Option(
      names = "--sched",
      description =
          "With --carrier native: also show what the kernel's scheduler did to each actor in the last"
              + " piece of these runs, as show --sched does.")
  private boolean scheduling;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  ReplayCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    if (times < 1 || times > MAX_TIMES) {
      throw new UsageError("--times " + times + ": expected 1 to " + MAX_TIMES);
    }
    if (scheduling && carrier != Carrier.NATIVE) {
      throw new UsageError(
          "--sched: only with --carrier native; type: ./cryofuzz show --sched FILE");
    }
    Loaded loaded = libraries.files(around.bench()).read(paths);
    loaded.errors().forEach(around.console()::say);
    if (loaded.entries().isEmpty()) {
      if (loaded.errors().isEmpty()) {
        around.console().say("cryofuzz: no scenario there; type: ./cryofuzz replay corpus");
      }
      return ExitCode.USAGE;
    }
    ReplaySummary summary =
        carrier == Carrier.NATIVE
            ? new NativeReplay(around, scheduling).replay(loaded.entries(), times)
            : replay(loaded.entries());
    around.console().talk(summary.text());
    int code = summary.exitCode(expected, strict);
    return loaded.errors().isEmpty() ? code : ExitCode.worst(code, ExitCode.USAGE);
  }

  private ReplaySummary replay(List<Entry> entries) {
    ReplaySummary summary = new ReplaySummary();
    try (OpenExecutors executors = new OpenExecutors(around.bench().on(carrier))) {
      for (Entry entry : entries) {
        if (around.stop().isAsked()) {
          break;
        }
        Executor executor = executors.of(entry.scenario().target());
        Replay.Outcome outcome = Replay.of(entry, executor, times, audit, around.stop()::isAsked);
        tell(outcome);
        summary.add(outcome);
      }
    }
    return summary;
  }

  /** One that is as expected is not worth a word to those who want few. */
  private void tell(Replay.Outcome outcome) {
    String text = ReplayText.of(outcome, around.console());
    if (outcome.passed()) {
      around.console().remark(text);
    } else {
      around.console().data(text);
    }
  }
}
