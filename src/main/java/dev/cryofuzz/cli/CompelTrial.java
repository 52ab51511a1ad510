package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.export.CompelProgram;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an exported program of libcompel's does what it should: built by the commands in its own
 * head, beside an installed libcompel, it fails, and its control does not.
 */
final class CompelTrial {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int SHOWN_BYTES = 3000;

  /**
   * Says of an unpacked package where its parts lie; what the packages say is where they belong.
   */
  private static final String TOOL =
      """
      #!/bin/sh
      case "$*" in
      includes) echo "-isystem %1$s/include -isystem %1$s/include/compel" ;;
      *libs) echo "$(%2$s/bin/compel "$@" | sed 's#/usr/#%1$s/#g') %3$s" ;;
      *) %2$s/bin/compel "$@" | sed 's#/usr/#%1$s/#g' ;;
      esac
      """;

  private final Path prefix;
  private final String compiler;

  CompelTrial(Path prefix, String compiler) {
    this.prefix = prefix;
    this.compiler = compiler;
  }

  /** Why it does not show that title; empty if it does. */
  Optional<String> fault(String program, Title title) {
    try {
      Path folder = Files.createTempDirectory("cryofuzz-export-");
      try {
        Files.writeString(folder.resolve("x.c"), program);
        tool(folder);
        return build(folder).or(() -> shows(folder, title));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new HarnessException("can't try what was exported", e);
    }
  }

  private void tool(Path folder) throws IOException {
    Path packaged = prefix.resolve("root/usr");
    String files = (Files.isDirectory(packaged) ? packaged : prefix).toString();
    Path tool = folder.resolve("compel");
    Files.writeString(tool, TOOL.formatted(files, prefix, folder.resolve("isoc23.o")));
    tool.toFile().setExecutable(true);
  }

  private Optional<String> build(Path folder) {
    Path shim = Facts.home().resolve("harness/freezer/compel/isoc23.c").toAbsolutePath();
    String commands =
        "cd '" + folder + "'\n$CC -c '" + shim + "' -o isoc23.o\n" + CompelProgram.build();
    try (Capture out = new Capture("export")) {
      Exit exit =
          run(
              out,
              "/usr/bin/env",
              "CC=" + compiler + " -O1 -g -Wall -Wextra -Werror",
              "COMPEL=" + folder.resolve("compel"),
              "sh",
              "-ec",
              commands);
      return exit.clean() ? Optional.empty() : Optional.of(out.tail(SHOWN_BYTES).strip());
    }
  }

  private static Optional<String> shows(Path folder, Title title) {
    String program = folder.resolve("x").toString();
    return said(1, "FAILED " + title.text() + ": ", program)
        .or(() -> said(0, "does not fail: ", program, "control"))
        .map(what -> what.isEmpty() ? "it says nothing" : what);
  }

  /** All that it said, if it ended otherwise or has not that in what it says. */
  private static Optional<String> said(int code, String words, String... command) {
    try (Capture out = new Capture("export");
        Capture log = new Capture("export")) {
      Exit exit;
      try (Child child = Spawn.command(command).stdout(out.path()).stderr(log.path()).start()) {
        exit = await(child, command[0]);
      }
      String text = out.tail(SHOWN_BYTES).strip();
      boolean good = exit.signal() == 0 && exit.code() == code && text.contains(words);
      return good
          ? Optional.empty()
          : Optional.of(
              String.join(" ", List.of(command).subList(1, command.length))
                  + " "
                  + exit
                  + ": "
                  + text
                  + "\n"
                  + log.tail(SHOWN_BYTES).strip());
    }
  }

  private static Exit run(Capture out, String... command) {
    try (Child child = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      return await(child, command[0]);
    }
  }

  private static Exit await(Child child, String name) {
    return child
        .await(DEADLINE)
        .orElseThrow(() -> new HarnessException(name + ": not done after " + DEADLINE));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
