package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a call can fail with, numbered as Linux does. Which call can, the C side knows. */
public enum Errno {
  EINTR(4),
  EIO(5),
  EAGAIN(11),
  ENOMEM(12),
  ENOSPC(28),
  EPIPE(32),
  ECONNRESET(104),
  ENOBUFS(105);

  static final String PATTERN =
      Arrays.stream(values()).map(Errno::name).collect(Collectors.joining("|"));
  static final String EXPECTED =
      "one of " + Arrays.stream(values()).map(Errno::name).collect(Collectors.joining(", "));

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
