package dev.cryofuzz.cli;

import java.util.Optional;

/** What came of replaying a set of scenarios. */
final class ReplaySummary {
  private int passed;
  private int failed;
  private int unsupported;
  private int worst = ExitCode.CLEAN;
  private int worstSurprise = ExitCode.CLEAN;

  void add(Replay.Outcome outcome) {
    add(
        outcome.unsupported() ? Optional.empty() : Optional.of(outcome.passed()),
        outcome.exitCode());
  }

  /**
   * @param good whether it was as expected; empty: it can't run here
   */
  void add(Optional<Boolean> good, int code) {
    worst = ExitCode.worst(worst, code);
    if (good.isEmpty()) {
      unsupported++;
    } else if (good.get()) {
      passed++;
    } else {
      failed++;
      worstSurprise = ExitCode.worst(worstSurprise, surprise(code));
    }
  }

  /** Never 0, also if only some of many runs were not as expected. */
  private static int surprise(int code) {
    return code == ExitCode.CLEAN ? ExitCode.NOT_REPRODUCED : code;
  }

  String text() {
    String others = unsupported == 0 ? "" : ", " + unsupported + " can't run here";
    return passed + " passed, " + failed + " failed" + others;
  }

  int exitCode(boolean asExpected, boolean strict) {
    int code = asExpected ? worstSurprise : ExitCode.worst(worst, worstSurprise);
    boolean nothingRan = passed + failed == 0;
    if (unsupported > 0 && (nothingRan || strict)) {
      return ExitCode.NOTHING_COULD_RUN;
    }
    return code;
  }
}
