package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.executor.Confirm;
import dev.cryofuzz.executor.Confirmation;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes away from a failing scenario what its failure does not need. */
@Command(
    name = "minimize",
    description =
        "Print a failing scenario without what its failure does not need. Exits with 0 if it could"
            + " be minimized, with 5 if it does not fail.")
final class MinimizeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The scenario.")
  private Path file;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  MinimizeCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Entry entry = libraries.files(around.bench()).readOne(file);
    try (Executor executor = around.bench().open(entry.scenario().target())) {
      Run run = executor.run(entry.scenario(), Replay.mode(entry.scenario(), executor));
      return minimize(run.pinned(entry.scenario()), run.verdict(), executor);
    }
  }

  private int minimize(Scenario scenario, Verdict verdict, Executor executor) {
    if (verdict instanceof Verdict.Broken broken) {
      around.console().say("cryofuzz: broken: " + broken.reason() + "; type: ./cryofuzz doctor");
      return ExitCode.FAULT;
    }
    if (verdict instanceof Verdict.Unsupported cannot) {
      around.console().say("cryofuzz: can't run here: " + cannot.reason());
      return ExitCode.NOTHING_COULD_RUN;
    }
    Optional<Title> title = verdict.title();
    if (title.isEmpty()) {
      around.console().say("does not fail, type: ./cryofuzz show " + file);
      return ExitCode.NOT_REPRODUCED;
    }
    Confirmation confirmed = Confirm.confirm(executor, scenario, title.get());
    Shrunk shrunk = Shrunk.from(scenario, title.get(), confirmed, executor, around.stop()::isAsked);
    print(scenario, title.get(), shrunk, executor);
    return ExitCode.CLEAN;
  }

  private void print(Scenario before, Title title, Shrunk shrunk, Executor executor) {
    Scenario after = shrunk.scenario();
    Confirmation confirmed = Confirm.confirm(executor, after, title);
    around.console().talk(title.text());
    around
        .console()
        .talk(
            Sentences.count(before.events().size(), "event")
                + " before, "
                + after.events().size()
                + " after, failed "
                + confirmed.failed()
                + "/"
                + confirmed.runs()
                + " in fresh processes");
    shrunk.minimizing().ifPresent(how -> around.console().talk("  " + how.text()));
    for (Event event : after.events()) {
      around.console().talk("  " + Sentences.of(event));
    }
    TargetDescription target = executor.target();
    Scenario signed = target.sign(target.brief(after).withExpect(title.text()));
    around.console().data(ScenarioJson.write(signed).stripTrailing());
  }
}
