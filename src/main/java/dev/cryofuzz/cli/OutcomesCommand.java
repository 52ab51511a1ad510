package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.OutcomeReport;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can come of a scenario, or of a target's default run, and how often it does. */
@Command(
    name = "outcomes",
    description = {
      "Make all runs that switches, stale loads and held stores can make of a target's default run,"
          + " or of a scenario, and print each outcome with a scenario that brings it again. If"
          + " there are too many runs, says which part of them was made.",
      "Exits with 1 if an outcome is a finding."
    })
final class OutcomesCommand implements Callable<Integer> {
  private enum Format {
    TEXT,
    JSON
  }

  @Parameters(
      paramLabel = "FILE|TARGET",
      description = "A scenario, or a target by name or NAME.so.")
  private String what;

  @Option(names = "--variant", paramLabel = "V", description = "The default one unless told.")
  private Optional<String> variant = Optional.empty();

  @Option(
      names = "--memory",
      completionCandidates = Candidates.Models.class,
      paramLabel = "M",
      description = "weak unless told.")
  private Optional<String> memory = Optional.empty();

  @Option(names = "--param", paramLabel = "NAME=N", description = "Of the target.")
  private Map<String, Integer> params = Map.of();

  @Option(
      names = "--time",
      converter = DurationOption.class,
      defaultValue = "30s",
      paramLabel = "TIME",
      description = "At most so long; 30s unless told.")
  private Duration time;

  @Option(names = "--runs", paramLabel = "N", description = "At most so many.")
  private long runs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of the runs that are drawn, if not all can be made.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where a scenario for each outcome is saved; outcomes unless told.")
  private Path out = Path.of("outcomes");

  @Option(names = "--format", defaultValue = "text", description = "text or json.")
  private Format format;

  @Option(
      names = "--carrier",
      converter = CarrierOption.class,
      completionCandidates = Candidates.Carriers.class,
      paramLabel = "C",
      description = "Where actors live: as fibers if they fit, unless told.")
  private Carrier carrier = Carrier.ANY;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  OutcomesCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    if (runs < 0) {
      throw new UsageError("--runs " + runs + ": expected a number from 1 on");
    }
    Scenario scenario = isFile() ? ofFile() : ofTarget();
    TargetDescription target = around.bench().describe(scenario.target());
    check(target, scenario);
    Optional<String> cannot = cannot(target);
    if (cannot.isPresent()) {
      around.console().say("cryofuzz: can't run here: " + cannot.get());
      return ExitCode.NOTHING_COULD_RUN;
    }
    try (Executor executor = around.bench().on(carrier).open(target.name())) {
      Outcomes outcomes = new OutcomeSearch(executor, scenario, seed, time, runs, around).run();
      return told(executor, scenario, outcomes);
    }
  }

  private static void check(TargetDescription target, Scenario scenario) {
    try {
      target.check(scenario);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage());
    }
  }

  private boolean isFile() {
    return what.endsWith(".json") || Files.isRegularFile(Path.of(what)) && !what.endsWith(".so");
  }

  private Scenario ofFile() {
    Scenario scenario = libraries.files(around.bench()).readOne(Path.of(what)).scenario();
    Scenario other = variant.map(scenario::withVariant).orElse(scenario);
    Scenario under = memory.map(JobChoice::model).map(other::withMemory).orElse(other);
    return with(under.withoutExpect());
  }

  private Scenario ofTarget() {
    TargetDescription target = around.bench().describe(around.bench().named(what));
    String chosen = variant.orElse(target.defaultVariant().name());
    MemoryModel model = memory.map(JobChoice::model).orElse(MemoryModel.WEAK);
    if (target.variants().stream().noneMatch(known -> known.name().equals(chosen))) {
      throw new UsageError(
          "unknown variant '"
              + chosen
              + "' of "
              + target.name()
              + "; type: ./cryofuzz targets "
              + what);
    }
    return with(target.shape(chosen, model).defaultRun());
  }

  private Scenario with(Scenario scenario) {
    Scenario changed = scenario;
    for (Map.Entry<String, Integer> param : params.entrySet()) {
      changed = changed.withParam(param.getKey(), param.getValue());
    }
    return changed;
  }

  private static Optional<String> cannot(TargetDescription target) {
    return target.external()
        ? Optional.of(
            target.name() + " has processes that nobody controls: its runs can't be enumerated")
        : target.unsupported();
  }

  private int told(Executor executor, Scenario scenario, Outcomes outcomes)
      throws UnwritableFolder {
    if (outcomes.verdict() instanceof Verdict.Broken broken) {
      around.console().say("cryofuzz: broken: " + broken.reason() + "; type: ./cryofuzz doctor");
      return ExitCode.FAULT;
    }
    if (outcomes.verdict() instanceof Verdict.Unsupported cannot && outcomes.seen().isEmpty()) {
      around.console().say("cryofuzz: can't run here: " + cannot.reason());
      return ExitCode.NOTHING_COULD_RUN;
    }
    SeenOutcomes seen = new SeenOutcomes(executor, scenario, Folder.at(out), out);
    OutcomeReport report = seen.report(outcomes);
    around.console().data(format == Format.JSON ? report.json() : report.text());
    return seen.failed() ? ExitCode.FINDINGS : ExitCode.CLEAN;
  }
}
