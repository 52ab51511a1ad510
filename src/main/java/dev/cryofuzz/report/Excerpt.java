package dev.cryofuzz.report;

import java.util.List;

/** A log cut in the middle: how it begins and how it ends says most. */
final class Excerpt {
  private Excerpt() {}

  /**
   * @param max characters that it may have; the note about what is left out comes on top
   * @param where the whole of it is
   */
  static String middle(String text, int max, String where) {
    if (text.length() <= max) {
      return text;
    }
    List<String> lines = text.lines().toList();
    int head = fitting(lines, 0, 1, max / 2);
    int tail = fitting(lines, lines.size() - 1, -1, max / 2);
    int left = lines.size() - head - tail;
    return String.join("\n", lines.subList(0, head))
        + "\n(… "
        + left
        + " lines are left out here; all are in "
        + where
        + ")\n"
        + String.join("\n", lines.subList(lines.size() - tail, lines.size()))
        + "\n";
  }

  private static int fitting(List<String> lines, int first, int step, int max) {
    int count = 0;
    int length = 0;
    for (int i = first; i >= 0 && i < lines.size(); i += step) {
      length += lines.get(i).length() + 1;
      if (length > max) {
        return count;
      }
      count++;
    }
    return count;
  }
}
