package dev.cryofuzz.executor;

import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Futex;
import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.sys.Spawn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The native executor that serves one target: its process, and the two words by which requests and
 * replies pass. Never waits without a deadline, and notices when the process dies meanwhile.
 */
final class ExecutorProcess implements AutoCloseable {
  /** How a request ended. */
  enum Answer {
    DONE,
    DIED,
    /** Nothing came in time. */
    NONE
  }

  private static final int STDERR_TAIL = 1000;

  /** How long a death can go unnoticed; costs nothing while replies come sooner. */
  private static final long SLICE = Duration.ofMillis(20).toNanos();

  /** A target that prints in every run would fill the memory in the end. */
  private static final int REQUESTS_PER_CLEANING = 1 << 16;

  private final SharedMemory control;
  private final Futex request;
  private final Futex reply;
  private final Capture stderr = new Capture("executor-stderr");
  private final Child child;
  private int requests;

  private ExecutorProcess(SharedMemory control, Path executor, Path library) {
    this.control = control;
    this.request = new Futex(control, ControlLayout.REQUEST);
    this.reply = new Futex(control, ControlLayout.REPLY);
    this.child =
        Spawn.command(executor.toString(), "--serve", library.toString(), control.path())
            .stdout(stderr.path())
            .stderr(stderr.path())
            .start();
  }

  /** Starts it and waits until it serves; the mailbox must be clean. */
  static ExecutorProcess start(
      SharedMemory control, Path executor, Path library, Duration deadline) {
    ExecutorProcess process = new ExecutorProcess(control, executor, library);
    try {
      process.awaitReady(deadline);
      return process;
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private void awaitReady(Duration deadline) {
    Futex ready = new Futex(control, ControlLayout.READY);
    long end = System.nanoTime() + deadline.toNanos();
    while (control.getIntAcquire(ControlLayout.READY) == 0) {
      Optional<Exit> exit = child.poll();
      if (exit.isPresent()) {
        throw new HarnessException(setUpFailure(exit.get()) + printed());
      }
      if (System.nanoTime() >= end) {
        throw new HarnessException(
            "the executor was not ready within " + deadline.toSeconds() + " s" + printed());
      }
      // It is not promised that getting ready wakes us.
      ready.await(0, Duration.ofMillis(1).toNanos());
    }
  }

  private static String setUpFailure(Exit exit) {
    return exit.signal() == 0
        ? "the executor gave up before it served: " + exit
        : "target crashed in its set-up: " + exit;
  }

  /** Has the plan run and waits for the result. */
  Answer ask(int kind, long nanos) {
    if (++requests % REQUESTS_PER_CLEANING == 0) {
      stderr.clear();
    }
    int number = control.getInt(ControlLayout.REQUEST) + 1;
    control.putInt(ControlLayout.REQUEST_KIND, kind);
    control.putIntRelease(ControlLayout.REQUEST, number);
    request.wake(1);
    return awaitReply(number, nanos);
  }

  private Answer awaitReply(int number, long nanos) {
    long start = 0;
    int seen = control.getIntAcquire(ControlLayout.REPLY);
    while (seen != number) {
      if (!reply.await(seen, SLICE)) {
        long now = System.nanoTime();
        start = start == 0 ? now - SLICE : start;
        if (child.poll().isPresent()) {
          return control.getIntAcquire(ControlLayout.REPLY) == number ? Answer.DONE : Answer.DIED;
        }
        if (now - start >= nanos) {
          return Answer.NONE;
        }
      }
      seen = control.getIntAcquire(ControlLayout.REPLY);
    }
    return Answer.DONE;
  }

  int pid() {
    return child.pid();
  }

  /** How it ended, killing it if it hasn't. */
  String end() {
    return child.kill() + printed();
  }

  private String printed() {
    String tail = stderr.tail(STDERR_TAIL).strip();
    return tail.isEmpty() ? "" : "; it printed: " + tail;
  }

  @Override
  public void close() {
    child.close();
    stderr.close();
  }
}
