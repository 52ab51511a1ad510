package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whether an exported program does what it should: builds it and runs it. */
final class ExportTrial {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int SHOWN_BYTES = 2000;

  private final String compiler;

  ExportTrial(String compiler) {
    this.compiler = compiler;
  }

  /** Why it does not show that title; empty if it does. */
  Optional<String> fault(String program, Title title) {
    try {
      Path folder = Files.createTempDirectory("cryofuzz-export-");
      try {
        return fault(folder, Files.writeString(folder.resolve("x.c"), program), title);
      } finally {
        for (String name : List.of("x.c", "x.o", "x")) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new HarnessException("can't try what was exported", e);
    }
  }

  private Optional<String> fault(Path folder, Path source, Title title) {
    Path object = folder.resolve("x.o");
    Path program = folder.resolve("x");
    List<String> strict = List.of("-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=thread");
    return said(0, concat(compile(strict), "-c", source, "-o", object))
        .or(() -> said(0, concat(List.of(compiler), object, "-o", program)))
        .or(() -> shows(program, title));
  }

  private List<String> compile(List<String> flags) {
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(flags);
    return command;
  }

  private static String[] concat(List<String> command, Object... more) {
    List<String> words = new ArrayList<>(command);
    Arrays.stream(more).map(Object::toString).forEach(words::add);
    return words.toArray(String[]::new);
  }

  private static Optional<String> shows(Path program, Title title) {
    try (Capture out = new Capture("export")) {
      Exit exit = run(out, program.toString());
      String said = out.tail(SHOWN_BYTES);
      boolean shown = exit.code() == 1 && said.startsWith("FAILED " + title.text() + ": ");
      return shown ? Optional.empty() : Optional.of(exit + ": " + said.strip());
    }
  }

  /** What it said if it ended otherwise. */
  private static Optional<String> said(int expected, String... command) {
    try (Capture out = new Capture("export")) {
      Exit exit = run(out, command);
      return exit.code() == expected && exit.signal() == 0
          ? Optional.empty()
          : Optional.of(out.tail(SHOWN_BYTES).strip());
    }
  }

  private static Exit run(Capture out, String... command) {
    try (Child child = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      return child
          .await(DEADLINE)
          .orElseThrow(() -> new HarnessException(command[0] + ": not done after " + DEADLINE));
    }
  }
}
