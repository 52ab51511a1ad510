package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Builds a target of the user's; harness/cc does it, with the flags of the harness. */
@Command(
    name = "cc",
    customSynopsis = "cryofuzz cc SOURCE… [-o NAME.so] [any option of the compiler]",
    description =
        "Build a target of your own from C or C++. What the compiler says is shown as it is; exits"
            + " with 2 if it fails, or if the target makes no sense.")
final class CcCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final int SHOWN_BYTES = 1 << 20;

  @Unmatched private List<String> words = new ArrayList<>();

  private final Surroundings around;

  CcCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    List<String> command = new ArrayList<>(words);
    command.add(0, Facts.home().resolve("harness/cc").toAbsolutePath().toString());
    try (Capture out = new Capture("cc");
        Child compiler =
            Spawn.command(command.toArray(String[]::new))
                .stdout(out.path())
                .stderr(out.path())
                .start()) {
      Exit exit =
          compiler
              .await(DEADLINE)
              .orElseThrow(() -> new HarnessException("cc: not done after " + DEADLINE));
      String said = out.tail(SHOWN_BYTES).stripTrailing();
      if (!said.isEmpty()) {
        around.console().say(said);
      }
      return exit.clean() || exit.code() == ExitCode.USAGE ? exit.code() : ExitCode.FAULT;
    }
  }
}
