package dev.cryofuzz.scenario;

import java.util.regex.Pattern;

/** What names of targets, variants, actors, params and fields, and texts such as sites look like. */
final class Names {
  static final String NAME_PATTERN = "[A-Za-z_][A-Za-z0-9_.-]{0,62}";

  /** Printable, no blank at either end: what is written in one line is read back the same. */
  static final String LINE_PATTERN = "[^\\p{Cc}\\p{Cs} ](?:[^\\p{Cc}\\p{Cs}]{0,253}[^\\p{Cc}\\p{Cs} ])?";

  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
  private static final Pattern LINE = Pattern.compile(LINE_PATTERN);

  private Names() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  static boolean isLine(String text) {
    return LINE.matcher(text).matches();
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
