package dev.cryofuzz.cli;

/** What the process ends with. Scripts rely on these: they never change their meaning. */
final class ExitCode {
  static final int CLEAN = 0;
  static final int FINDINGS = 1;

  /** Wrong usage, or a malformed, missing or unknown scenario, target or option. */
  static final int USAGE = 2;

  /** Our own or the machine's fault. */
  static final int FAULT = 3;

  static final int NOTHING_COULD_RUN = 4;
  static final int NOT_REPRODUCED = 5;

  /** By Ctrl-C, as shells count. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** Of a set the worst counts: a fault, then a finding, then one that is missing. */
  static int worst(int one, int other) {
    return badness(one) >= badness(other) ? one : other;
  }

  private static int badness(int code) {
    return switch (code) {
      case CLEAN -> 0;
      case NOT_REPRODUCED -> 1;
      case FINDINGS -> 2;
      case FAULT -> 3;
      default -> 4;
    };
  }
}
