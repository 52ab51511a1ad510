package dev.cryofuzz.sys;

import jnr.constants.platform.Signal;

/** How a process ended: by itself with a code, or by a signal (then the code is -1). */
public record Exit(int code, int signal) {
  static Exit ofWaitStatus(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? new Exit(status >> 8 & 0xff, 0) : new Exit(-1, signal);
  }

  public boolean clean() {
    return code == 0;
  }

  @Override
  public String toString() {
    return signal == 0 ? "exit status " + code : "signal " + signal + " (" + name(signal) + ")";
  }

  private static String name(int signal) {
    // The number has two names, and JNR knows it by the one that nobody uses.
    return signal == Signal.SIGABRT.intValue() ? "SIGABRT" : Signal.valueOf(signal).name();
  }
}
