package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
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
 * How a command ended with which what was exported is tried.
 *
 * @param said on standard output, the end of it
 * @param log on standard error, likewise
 */
record Tried(Exit exit, String said, String log) {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int SHOWN_BYTES = 3000;

  /** What is wrong, as far as it is tried in that folder; empty if nothing is. */
  interface Trial {
    Optional<String> in(Path folder) throws IOException;
  }

  /** Made for it, and removed with all that it has left there. */
  static Optional<String> inFolder(Trial trial) {
    try {
      Path folder = Files.createTempDirectory("cryofuzz-export-");
      try {
        return trial.in(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new HarnessException("can't try what was exported", e);
    }
  }

  static Tried of(List<String> command) {
    try (Capture out = new Capture("export");
        Capture log = new Capture("export");
        Child child =
            Spawn.command(command.toArray(String[]::new))
                .stdout(out.path())
                .stderr(log.path())
                .start()) {
      Exit exit =
          child
              .await(DEADLINE)
              .orElseThrow(
                  () -> new HarnessException(command.get(0) + ": not done after " + DEADLINE));
      return new Tried(exit, out.tail(SHOWN_BYTES).strip(), log.tail(SHOWN_BYTES).strip());
    }
  }

  /** All that it said, if it ended otherwise. */
  Optional<String> unless(int code) {
    boolean good = exit.signal() == 0 && exit.code() == code;
    return good ? Optional.empty() : Optional.of(text());
  }

  /** The same if no line of what it said begins so. */
  Optional<String> unless(int code, String beginning) {
    boolean tells = said.lines().anyMatch(line -> line.startsWith(beginning));
    return tells ? unless(code) : Optional.of(text());
  }

  private String text() {
    return (exit + ": " + said + "\n" + log).strip();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
