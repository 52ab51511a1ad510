package dev.cryofuzz.trace;

/**
 * A wait for children in words: which it is for, and who has changed. Children have the numbers of
 * their births, laid out as enum cf_wait of control.h does, and are told from 0, as arrays count.
 */
final class Reaping {
  private static final int OTHER = 255;
  private static final int NUMBER = 0xff;
  private static final int CODE_SHIFT = 8;
  private static final int CODE = 0xff;
  private static final long NOBODY = 1 << 16;

  private Reaping() {}

  /** As in "wait for child 1: child 1 was killed". */
  static String text(Step step) {
    return "wait" + asked(step.address()) + answer(step.value());
  }

  private static String asked(long number) {
    if (number == 0) {
      return " for any child";
    }
    return number == OTHER ? "" : " for " + child(number);
  }

  /** Nothing if the call has failed, or the kernel alone knows. */
  private static String answer(long value) {
    if (value <= 0) {
      return "";
    }
    return value == NOBODY
        ? ": nobody"
        : ": " + child(value & NUMBER) + " " + change((int) (value >> CODE_SHIFT) & CODE);
  }

  private static String child(long number) {
    return number == OTHER ? "another one" : "child " + (number - 1);
  }

  /** What the kernel calls CLD_EXITED, CLD_KILLED and so on. */
  private static String change(int code) {
    return switch (code) {
      case 1 -> "has ended";
      case 2 -> "was killed";
      case 3 -> "dumped core";
      case 4 -> "is trapped";
      case 5 -> "has stopped";
      case 6 -> "goes on";
      default -> "has changed";
    };
  }
}
