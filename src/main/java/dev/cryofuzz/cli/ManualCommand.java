package dev.cryofuzz.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints manual pages. */
@Command(
    name = "manual",
    description = "Print the manual page of a command, or of all of cryofuzz, for man.")
final class ManualCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "As in fuzz.")
  private Optional<String> command = Optional.empty();

  @Spec private CommandSpec spec;

  private final Surroundings around;

  ManualCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    CommandLine wanted = spec.root().commandLine();
    if (command.isPresent()) {
      wanted = wanted.getSubcommands().get(command.get());
      if (wanted == null) {
        throw new UsageError("no command '" + command.get() + "'; type: ./cryofuzz --help");
      }
    }
    around.console().data(ManualPage.of(wanted.getCommandSpec()).stripTrailing());
    return ExitCode.CLEAN;
  }
}
