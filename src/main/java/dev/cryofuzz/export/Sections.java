package dev.cryofuzz.export;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A program is put together from sections of files: in "victim.c" the one that begins with a line
 * "//= read" is "victim:read". A file without such lines is one section.
 */
final class Sections {
  private static final String MARK = "//= ";

  private final UnaryOperator<String> texts;
  private final StringBuilder out = new StringBuilder();

  Sections(UnaryOperator<String> texts) {
    this.texts = texts;
  }

  /** Puts it behind the others. */
  void add(String section) {
    String[] names = section.split(":");
    String text = texts.apply(names[0] + ".c");
    out.append(names.length == 1 ? text : part(text, names[1])).append('\n');
  }

  void addText(String text) {
    out.append(text);
  }

  private static String part(String text, String name) {
    List<String> lines = new ArrayList<>();
    boolean wanted = false;
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(MARK)) {
        wanted = line.equals(MARK + name);
      } else if (wanted) {
        lines.add(line);
      }
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(name + ": no such section");
    }
    return String.join("\n", lines).stripTrailing() + "\n";
  }

  String text() {
    return out.toString();
  }
}
