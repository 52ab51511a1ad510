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
import java.util.Optional;

/** Whether an exported script does what it should: it fails, and its control does not. */
final class CriuTrial {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int SHOWN_BYTES = 3000;

  private final Path criu;
  private final String compiler;

  CriuTrial(Path criu, String compiler) {
    this.criu = criu.toAbsolutePath();
    this.compiler = compiler;
  }

  /** Why it does not show that title; empty if it does. */
  Optional<String> fault(String script, Title title) {
    try {
      Path file = Files.createTempFile("cryofuzz-export-", ".sh");
      try {
        Files.writeString(file, script);
        return said(1, "FAILED " + title.text() + ": ", file)
            .or(() -> said(0, "does not fail: ", file, "control"));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new HarnessException("can't try what was exported", e);
    }
  }

  /** All that it said, if it ended otherwise or has not that in what it says. */
  private Optional<String> said(int code, String words, Path script, String... arguments) {
    String[] command = new String[5 + arguments.length];
    command[0] = "/usr/bin/env";
    command[1] = "CRIU=" + criu;
    command[2] = "CC=" + compiler;
    command[3] = "sh";
    command[4] = script.toString();
    System.arraycopy(arguments, 0, command, 5, arguments.length);
    try (Capture out = new Capture("export");
        Child child = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      Exit exit =
          child
              .await(DEADLINE)
              .orElseThrow(() -> new HarnessException(script + ": not done after " + DEADLINE));
      String text = out.tail(SHOWN_BYTES).strip();
      boolean good = exit.signal() == 0 && exit.code() == code && text.contains(words);
      return good
          ? Optional.empty()
          : Optional.of(String.join(" ", arguments) + " " + exit + ": " + text);
    }
  }
}
