package dev.cryofuzz.sys;

import java.time.Duration;
import java.util.Optional;
import jnr.ffi.Pointer;

/**
 * A running process that we started. It is reaped here and nowhere else, so its pid stays its own
 * until {@link #close}, which kills what is left of it and of its process group.
 */
public final class Child implements AutoCloseable {
  private static final int SIGKILL = 9;

  /** A killed process must run once more to die: on a crowded processor that takes its time. */
  private static final Duration TIME_TO_DIE = Duration.ofSeconds(60);

  private static final int POLLIN = 1;
  private static final int WNOHANG = 1;

  private final int pid;
  private final int pidfd;
  private int lifeline;
  private Exit exit;
  private boolean closed;

  private Child(int pid, int pidfd, int lifeline) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.lifeline = lifeline;
  }

  static Child adopt(int pid, int lifeline) {
    int pidfd =
        (int) Libc.C.syscall(Libc.SYS_PIDFD_OPEN, Pointer.wrap(Libc.RUNTIME, pid), 0, 0, null);
    return new Child(pid, SystemCallException.check("pidfd_open", pidfd), lifeline);
  }

  public int pid() {
    return pid;
  }

  /** How it ended, or nothing if it still runs after this time. */
  public synchronized Optional<Exit> await(Duration atMost) {
    if (exit == null && ended(atMost)) {
      // Still a zombie, so the group's number can't belong to anybody else yet.
      Libc.C.kill(-pid, SIGKILL);
      int[] status = new int[1];
      SystemCallException.check("waitpid", Libc.C.waitpid(pid, status, WNOHANG));
      exit = Exit.ofWaitStatus(status[0]);
    }
    return Optional.ofNullable(exit);
  }

  /** How it ended, or nothing if it still runs. */
  public Optional<Exit> poll() {
    return await(Duration.ZERO);
  }

  private boolean ended(Duration atMost) {
    Pointer entry = Libc.zeroed(8);
    long deadline = System.nanoTime() + atMost.toNanos();
    int ready;
    do {
      entry.putInt(0, pidfd);
      entry.putShort(4, (short) POLLIN);
      long left = Math.max(0, deadline - System.nanoTime());
      ready = Libc.C.poll(entry, 1, (int) Math.min(left / 1_000_000, Integer.MAX_VALUE));
    } while (ready <= 0 && System.nanoTime() < deadline);
    return ready > 0;
  }

  /** Ends its standard input, which tells it to clean up and exit. */
  public synchronized void dropLifeline() {
    if (lifeline >= 0) {
      Libc.C.close(lifeline);
      lifeline = -1;
    }
  }

  /** Kills it and its process group and reaps it; returns how it ended. */
  public synchronized Exit kill() {
    if (exit == null) {
      Libc.C.kill(-pid, SIGKILL);
      Libc.C.kill(pid, SIGKILL);
    }
    return await(TIME_TO_DIE)
        .orElseThrow(() -> new IllegalStateException("pid " + pid + " survives SIGKILL"));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      kill();
    } finally {
      dropLifeline();
      Libc.C.close(pidfd);
    }
  }
}
