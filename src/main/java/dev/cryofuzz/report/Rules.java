package dev.cryofuzz.report;

import dev.cryofuzz.finding.Kind;

/** What each kind of finding means, for people who have not read how cryofuzz works. */
final class Rules {
  private Rules() {}

  static String meaning(Kind kind) {
    return switch (kind) {
      case SAVED_DATA_MODIFIED -> "What was saved before a freeze was another thing after it.";
      case STATE_CHANGED -> "A frozen process did not get back the state that it had before.";
      case TRIMMED_MESSAGE -> "A message came cut, and was taken for whole.";
      case MISREAD_MESSAGE -> "A message was taken for another one.";
      case LOST_MESSAGE -> "A message that was sent never came.";
      case DUPLICATE_MESSAGE -> "A message came, or was acted on, twice.";
      case STALE_READ -> "Shared memory was read before what should be there could be seen.";
      case DOUBLE_FREE -> "Something was given back twice.";
      case INVARIANT -> "Something that must always hold did not hold.";
      case DATA_RACE -> "Two actors accessed the same memory, one writing, with nothing between.";
      case DEADLOCK -> "All actors wait for each other.";
      case HANG -> "Somebody waits for what will never come, or turns in a loop without end.";
      case LOST_WAKEUP -> "Somebody sleeps on though what it waits for has happened.";
      case LOST_SIGNAL -> "A signal that was sent had no effect.";
      case ZOMBIE -> "A process that has ended was never waited for.";
      case LEAK -> "Something was left behind that should have been given back.";
      case CRASH -> "A process died of a fault of its own.";
      case BAD_ACCEPT -> "Damaged input was taken as good.";
      case KERNEL_LOG -> "The kernel logged a warning, a bug or an oops during the run.";
      case DIVERGENCE -> "The same scenario had two different runs.";
    };
  }
}
