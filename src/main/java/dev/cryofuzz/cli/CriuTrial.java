package dev.cryofuzz.cli;

import dev.cryofuzz.finding.Title;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an exported script does what it should: it fails, and its control does not. */
final class CriuTrial {
  private final Path criu;
  private final String compiler;

  CriuTrial(Path criu, String compiler) {
    this.criu = criu.toAbsolutePath();
    this.compiler = compiler;
  }

  /** Why it does not show that title; empty if it does. */
  Optional<String> fault(String script, Title title) {
    return Tried.inFolder(
        folder -> {
          String file = Files.writeString(folder.resolve("x.sh"), script).toString();
          return run(file)
              .unless(1, "FAILED " + title.text() + ": ")
              .or(() -> run(file, "control").unless(0, "does not fail: "));
        });
  }

  private Tried run(String script, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/env", "CRIU=" + criu, "CC=" + compiler, "sh", script));
    command.addAll(List.of(arguments));
    return Tried.of(command);
  }
}
