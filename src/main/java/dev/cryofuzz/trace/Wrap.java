package dev.cryofuzz.trace;

import java.util.ArrayList;
import java.util.List;

/** Breaks a text into lines, at blanks where there are any. */
final class Wrap {
  private static final String INDENT = "  ";

  private Wrap() {}

  static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int end = end(rest, width);
      lines.add(rest.substring(0, end).stripTrailing());
      rest = INDENT + rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }

  /** After the last word that fits; in the middle of a word that is wider than the line. */
  private static int end(String text, int width) {
    int blank = text.lastIndexOf(' ', width);
    return blank > INDENT.length() ? blank : width;
  }
}
