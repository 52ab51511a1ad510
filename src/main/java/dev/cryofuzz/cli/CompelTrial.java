package dev.cryofuzz.cli;

import dev.cryofuzz.export.CompelProgram;
import dev.cryofuzz.finding.Title;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether an exported program of libcompel's does what it should: built by the commands in its own
 * head, beside an installed libcompel, it fails, and its control does not.
 */
final class CompelTrial {
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
    return Tried.inFolder(
        folder -> {
          Files.writeString(folder.resolve("x.c"), program);
          tool(folder);
          return build(folder).or(() -> shows(folder, title));
        });
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
    List<String> shell =
        List.of(
            "/usr/bin/env",
            "CC=" + compiler + " -O1 -g -Wall -Wextra -Werror",
            "COMPEL=" + folder.resolve("compel"),
            "sh",
            "-ec",
            commands);
    return Tried.of(shell).unless(0);
  }

  private static Optional<String> shows(Path folder, Title title) {
    String program = folder.resolve("x").toString();
    return Tried.of(List.of(program))
        .unless(1, "FAILED " + title.text() + ": ")
        .or(() -> Tried.of(List.of(program, "control")).unless(0, "does not fail: "));
  }
}
