package dev.cryofuzz.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself, without a subcommand. */
@Command(
    name = "cryofuzz",
    description =
        "Fuzzes processes that talk over sockets and shared memory, and hands back a minimized"
            + " reproducer that replays the same way every time.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:nothing found",
      " 1:findings",
      " 2:wrong usage, or a malformed, missing or unknown scenario, target or option",
      " 3:our own or the machine's fault",
      " 4:nothing could run here",
      " 5:an expected finding was not reproduced",
      "130, 143:stopped by Ctrl-C or SIGTERM, without findings"
    },
    subcommands = {
      FuzzCommand.class,
      ReplayCommand.class,
      ShowCommand.class,
      MinimizeCommand.class,
      ExplainCommand.class,
      OutcomesCommand.class,
      ReportCommand.class,
      BundleCommand.class,
      ExportCommand.class,
      SchemaCommand.class,
      TargetsCommand.class,
      DoctorCommand.class,
      SelftestCommand.class,
      CorpusCommand.class,
      BuildCommand.class,
      CcCommand.class,
      NewCommand.class,
      CompletionCommand.class,
      ManualCommand.class
    })
final class Cryofuzz {
  private final Console console;
  private Optional<Console.Loudness> typed = Optional.empty();

  @Spec private CommandSpec spec;

  Cryofuzz(Console console) {
    this.console = console;
  }

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Tell findings, errors and what was asked for only.")
  void beQuiet(boolean wanted) {
    be(wanted, Console.Loudness.QUIET);
  }

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Tell also what is tried and why: each run, with its verdict.")
  void beVerbose(boolean wanted) {
    be(wanted, Console.Loudness.FULL);
  }

  /** Each option is set once for each command, to false where it was not typed. */
  private void be(boolean wanted, Console.Loudness loudness) {
    if (!wanted) {
      return;
    }
    if (typed.isPresent() && typed.get() != loudness) {
      throw new ParameterException(spec.commandLine(), "-q and -v: expected one of them");
    }
    typed = Optional.of(loudness);
    console.be(loudness);
  }

  @Option(
      names = "--criu",
      paramLabel = "PATH",
      scope = ScopeType.INHERIT,
      description = "The criu that the target criu uses; the installed one unless told.")
  void useCriu(Path program) {
    use(() -> Criu.choose(program));
  }

  @Option(
      names = "--compel",
      paramLabel = "PREFIX",
      scope = ScopeType.INHERIT,
      description =
          "The libcompel that the target compel uses: the folder of a release below .cryofuzz/criu"
              + " or of a make install; that of trixie unless told.")
  void useCompel(Path prefix) {
    use(() -> Compel.choose(prefix));
  }

  private void use(Runnable choice) {
    try {
      choice.run();
    } catch (UsageError e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
