package dev.cryofuzz.cli;

import dev.cryofuzz.sys.Interrupts;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM. The virtual machine answers both by running its shutdown hooks, then it exits
 * with 130 or 143. Our hook asks the command to come to an end and waits for it; if that has
 * findings to tell of, its exit code counts more than the signal's.
 */
final class Stop {
  private static final long SECONDS_TO_END = 30;

  private final CountDownLatch ended = new CountDownLatch(1);
  private Runnable ask = () -> {};
  private boolean asked;
  private volatile int code;
  private volatile String saved = "cryofuzz: ended at once";

  void atShutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "stop"));
  }

  /**
   * The first Ctrl-C does what the machine's own would do. A second one does not wait: whoever
   * works for us ends when we do, and what was found is in files before it is looked into.
   */
  void atInterrupts(Console console) {
    Interrupts.onEach(
        number -> {
          if (number == 1) {
            console.talk(
                "ending; what was found is looked into and saved; Ctrl-C again ends at once");
            System.exit(ExitCode.INTERRUPTED);
          }
          console.say(saved);
          Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        });
  }

  /** Where to find what a second Ctrl-C leaves. */
  void leaves(Path folder) {
    saved =
        "cryofuzz: ended at once; what was found and not looked into yet, type: ./cryofuzz replay "
            + folder;
  }

  /** What stops the running command soon. Runs at once if that was wanted before. */
  synchronized void onStop(Runnable action) {
    ask = action;
    if (asked) {
      action.run();
    }
  }

  synchronized boolean isAsked() {
    return asked;
  }

  /** Wanted: the command shall save what it has and end. */
  synchronized void ask() {
    asked = true;
    ask.run();
  }

  /** The command is through; returns the code to exit with. */
  int finish(int exitCode) {
    code = exitCode;
    ended.countDown();
    return exitCode;
  }

  private void shutDown() {
    if (ended.getCount() == 0) {
      return;
    }
    ask();
    try {
      boolean saved = ended.await(SECONDS_TO_END, TimeUnit.SECONDS);
      if (saved && code != ExitCode.CLEAN) {
        Runtime.getRuntime().halt(code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
