package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at processes from outside. */
final class Processes {
  private static final int PATIENCE_MILLIS = 5000;

  private Processes() {}

  /** An orphan is gone, or waits for pid 1, which may take its time, to reap it. */
  static void awaitGone(ProcessHandle process) throws InterruptedException {
    for (int i = 0; i < PATIENCE_MILLIS && !gone(process); i++) {
      Thread.sleep(1);
    }
    assertThat(gone(process)).as("pid " + process.pid() + " is gone").isTrue();
  }

  private static boolean gone(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException e) {
      return true;
    }
  }
}
