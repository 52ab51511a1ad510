package dev.cryofuzz.trace;

import java.util.List;

/** Signals by the names that Linux gives their numbers, whoever sends them. */
final class SignalNames {
  private static final List<String> FROM_ONE =
      List.of(
          "SIGHUP",
          "SIGINT",
          "SIGQUIT",
          "SIGILL",
          "SIGTRAP",
          "SIGABRT",
          "SIGBUS",
          "SIGFPE",
          "SIGKILL",
          "SIGUSR1",
          "SIGSEGV",
          "SIGUSR2",
          "SIGPIPE",
          "SIGALRM",
          "SIGTERM",
          "SIGSTKFLT",
          "SIGCHLD",
          "SIGCONT",
          "SIGSTOP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGXCPU",
          "SIGXFSZ",
          "SIGVTALRM",
          "SIGPROF",
          "SIGWINCH",
          "SIGIO",
          "SIGPWR",
          "SIGSYS");

  private SignalNames() {}

  /** Real-time signals have numbers only. */
  static String of(long number) {
    return number >= 1 && number <= FROM_ONE.size()
        ? FROM_ONE.get((int) number - 1)
        : "signal " + number;
  }
}
