package dev.cryofuzz.fuzz;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends this process when the one that started it is gone, however it went: its end of the pipe that
 * is our standard input is then closed. Nothing is ever sent through it.
 */
final class Lifeline {
  private Lifeline() {}

  static void hold(InputStream input) {
    Thread thread = new Thread(() -> endWith(input), "lifeline");
    thread.setDaemon(true);
    thread.start();
  }

  private static void endWith(InputStream input) {
    try {
      while (input.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      // A broken lifeline is a cut one.
    }
    // Everything worth keeping is on disk already; libFuzzer's exit handlers would only take time.
    Runtime.getRuntime().halt(0);
  }
}
