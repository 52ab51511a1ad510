package dev.cryofuzz.scenario;

import java.util.regex.Pattern;

/**
 * What names of targets, variants, actors, params and fields, and texts such as sites look like.
 */
final class Names {
  static final String NAME_PATTERN = "[A-Za-z_][A-Za-z0-9_.-]{0,62}";

  private static final int MAX_NAME = 63;

  /** Printable, no blank at either end: what is written in one line is read back the same. */
  static final String LINE_PATTERN =
      "[^\\p{Cc}\\p{Cs} ](?:[^\\p{Cc}\\p{Cs}]{0,253}[^\\p{Cc}\\p{Cs} ])?";

  static final String BUILD_PATTERN = "[A-Za-z0-9._-]{1,64}";

  private static final Pattern BUILD = Pattern.compile(BUILD_PATTERN);
  private static final Pattern LINE = Pattern.compile(LINE_PATTERN);

  private Names() {}

  /** As {@link #NAME_PATTERN}, but fast: each run of a fuzzer checks dozens of names. */
  static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME || !isFirst(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (!isFirst(letter) && !isDigit(letter) && letter != '.' && letter != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isFirst(char letter) {
    return letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter == '_';
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  static boolean isLine(String text) {
    return LINE.matcher(text).matches();
  }

  static boolean isBuild(String text) {
    return BUILD.matcher(text).matches();
  }

  static void checkBuild(String text) {
    if (!isBuild(text)) {
      throw new IllegalArgumentException("build=" + text + ": expected an id like \"0a1b2c3d\"");
    }
  }

  static void checkName(String what, String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException(what + "=" + text + ": expected a name like \"reader\"");
    }
  }

  static void checkLine(String what, String text) {
    if (!isLine(text)) {
      throw new IllegalArgumentException(
          what + "=" + text + ": expected 1 to 255 printable characters");
    }
  }
}
