package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.FindingFiles;
import dev.cryofuzz.scenario.Scenario;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why a scenario fails. */
@Command(
    name = "explain",
    description = {
      "Find out why a scenario fails: the target is explored again under a stronger memory model,"
          + " without switches, with whole frames, with an order at each site and so on. With what"
          + " the failure can't be had, that is a cause.",
      "Exits with 0 whatever it explains, with 5 if the scenario does not fail. Stopped by Ctrl-C"
          + " it says what it knows by then, and exits with 130."
    })
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE|FINDING", description = "A scenario, or the folder of a finding.")
  private Path file;

  @Option(
      names = "--budget",
      converter = DurationOption.class,
      defaultValue = "10s",
      paramLabel = "TIME",
      description =
          "About so much is run, as a usual machine does it, the same on each machine; of what"
              + " nobody controls so long as it takes here. 10s unless told.")
  private Duration budget;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "S",
      description = "Of the runs that are drawn.")
  private long seed;

  @Option(names = "--json", description = "For programs.")
  private boolean json;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  ExplainCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Entry entry = libraries.files(around.bench()).readOne(scenarioFile());
    try (Executor executor = around.bench().open(entry.scenario().target())) {
      Run run = executor.run(entry.scenario(), Replay.mode(entry.scenario(), executor));
      return explain(run.pinned(entry.scenario()), run, executor);
    }
  }

  private Path scenarioFile() {
    Path inside = file.resolve("scenario.json");
    return Files.isRegularFile(inside) ? inside : file;
  }

  private int explain(Scenario scenario, Run run, Executor executor) {
    if (run.verdict() instanceof Verdict.Broken broken) {
      around.console().say("cryofuzz: broken: " + broken.reason() + "; type: ./cryofuzz doctor");
      return ExitCode.FAULT;
    }
    if (run.verdict() instanceof Verdict.Unsupported cannot) {
      around.console().say("cryofuzz: can't run here: " + cannot.reason());
      return ExitCode.NOTHING_COULD_RUN;
    }
    Optional<Title> title = run.verdict().title();
    if (title.isEmpty()) {
      around.console().say("does not fail, type: ./cryofuzz show " + file);
      return ExitCode.NOT_REPRODUCED;
    }
    Explained explained =
        new Explaining(budget, seed, around.stop()::isAsked, this::tell)
            .explain(executor, scenario, title.get(), run);
    around.console().eraseStatus();
    if (around.stop().isAsked()) {
      around.console().say("stopped: what had not been tried by then is undecided");
    }
    return tell(explained);
  }

  private int tell(Explained explained) {
    String text = explained.text();
    around.console().data(json ? explained.json() : text.stripTrailing());
    if (!Files.isDirectory(file)) {
      return ExitCode.CLEAN;
    }
    try {
      Folder.at(file).write(FindingFiles.EXPLANATION, text.getBytes(StandardCharsets.UTF_8));
      return ExitCode.CLEAN;
    } catch (UnwritableFolder e) {
      around.console().say("cryofuzz: " + e.getMessage());
      return ExitCode.FAULT;
    }
  }

  private void tell(Intervention intervention) {
    if (around.console().isTerminal()) {
      around.console().status("trying: " + ExplanationText.of(intervention));
    }
  }
}
