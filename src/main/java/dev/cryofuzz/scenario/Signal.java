package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Signals that others send, numbered as Linux does. Those that stop a process are a freeze; those
 * for a fault of its own nobody else sends.
 */
public enum Signal {
  SIGHUP(1),
  SIGINT(2),
  SIGUSR1(10),
  SIGUSR2(12),
  SIGPIPE(13),
  SIGALRM(14),
  SIGTERM(15),
  SIGCHLD(17),
  SIGCONT(18),
  SIGURG(23),
  SIGWINCH(28),
  SIGIO(29);

  static final String PATTERN =
      Arrays.stream(values()).map(Signal::name).collect(Collectors.joining("|"));
  static final String EXPECTED =
      "one of " + Arrays.stream(values()).map(Signal::name).collect(Collectors.joining(", "));

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
