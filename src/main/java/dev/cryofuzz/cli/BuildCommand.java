package dev.cryofuzz.cli;

import dev.cryofuzz.target.TargetDescription;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The launcher has built everything before it came here; this says what there is now. */
@Command(
    name = "build",
    description = "Build everything anew, as far as its sources changed, and say what there is.")
final class BuildCommand implements Callable<Integer> {
  private final Surroundings around;

  BuildCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    for (String name : around.bench().targets()) {
      TargetDescription target = around.bench().describe(name);
      String state = target.unsupported().map(reason -> ", can't run here: " + reason).orElse("");
      around.console().data("target " + name + ", build " + target.build() + state);
    }
    return ExitCode.CLEAN;
  }
}
