package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.HarnessException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Parses a command line, runs the command, and turns whatever goes wrong into an exit code. */
final class Shell {
  private final Surroundings surroundings;
  private final Console console;

  Shell(Surroundings surroundings) {
    this.surroundings = surroundings.telling();
    this.console = surroundings.console();
  }

  int run(String... arguments) {
    CommandLine line = new CommandLine(new Cryofuzz(console), new Commands(surroundings));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
    line.setParameterExceptionHandler((e, all) -> misused(e));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setDefaultValueProvider(new EnvironmentDefaults(surroundings.environment()));
    Examples.addTo(line);
    StringWriter help = new StringWriter();
    line.setOut(new PrintWriter(help));
    if (arguments.length == 0) {
      console.say(line.getUsageMessage());
      return ExitCode.USAGE;
    }
    int code = line.execute(arguments);
    if (!help.toString().isEmpty()) {
      console.data(help.toString().stripTrailing());
    }
    return delivered(code);
  }

  /** An answer that was lost on a full disk is none. */
  private int delivered(int code) {
    if (console.fault().isEmpty()) {
      return code;
    }
    console.say("cryofuzz: cannot write to standard output: " + console.fault().get());
    return ExitCode.worst(code, ExitCode.FAULT);
  }

  private int misused(ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    console.say(
        "cryofuzz: "
            + Misuse.text(e, surroundings.environment())
            + "; type: ./"
            + name
            + " --help");
    return ExitCode.USAGE;
  }

  private int failed(Exception e) {
    if (e instanceof UsageError) {
      console.say("cryofuzz: " + e.getMessage());
      return ExitCode.USAGE;
    }
    if (e instanceof UnwritableFolder) {
      console.say("cryofuzz: " + e.getMessage() + "; type another folder: --out DIR");
      return ExitCode.FAULT;
    }
    if (e instanceof HarnessException) {
      console.say("cryofuzz: " + e.getMessage());
      return ExitCode.FAULT;
    }
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    console.say("cryofuzz: this should not happen, please report it:\n" + trace);
    return ExitCode.FAULT;
  }
}
