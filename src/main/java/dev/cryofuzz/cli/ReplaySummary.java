package dev.cryofuzz.cli;

/** What came of replaying a set of scenarios. */
final class ReplaySummary {
  private int passed;
  private int failed;
  private int unsupported;
  private int worst = ExitCode.CLEAN;
  private int worstSurprise = ExitCode.CLEAN;

  void add(Replay.Outcome outcome) {
    worst = ExitCode.worst(worst, outcome.exitCode());
    if (outcome.unsupported()) {
      unsupported++;
    } else if (outcome.passed()) {
      passed++;
    } else {
      failed++;
      worstSurprise = ExitCode.worst(worstSurprise, surprise(outcome));
    }
  }

  /** Never 0, also if only some of many runs were not as expected. */
  private static int surprise(Replay.Outcome outcome) {
    int code = outcome.exitCode();
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
