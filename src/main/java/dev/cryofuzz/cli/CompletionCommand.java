package dev.cryofuzz.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets a shell complete what is typed. */
@Command(
    name = "completion",
    description =
        "Print a script by which bash, and zsh with bashcompinit, complete commands and options.")
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private final Surroundings around;

  CompletionCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("cryofuzz", spec.root().commandLine());
    around.console().data(script.stripTrailing());
    return ExitCode.CLEAN;
  }
}
