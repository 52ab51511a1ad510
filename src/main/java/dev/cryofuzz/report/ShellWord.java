package dev.cryofuzz.report;

/** Words that a shell reads back as they are. */
final class ShellWord {
  private ShellWord() {}

  static String quote(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
