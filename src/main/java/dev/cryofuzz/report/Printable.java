package dev.cryofuzz.report;

/** Texts of targets made fit for a terminal: nothing in them moves the cursor or hides. */
public final class Printable {
  private Printable() {}

  /** One line: controls, line ends, invisible and direction marks are written as escapes. */
  public static String line(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  /** Line by line; tabs become blanks. */
  public static String lines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.replace("\t", "    ").lines().forEach(line -> out.append(line(line)).append('\n'));
    return out.toString();
  }

  private static void append(StringBuilder out, int point) {
    if (isPlain(point)) {
      out.appendCodePoint(point);
    } else {
      out.append(String.format("\\u{%x}", point));
    }
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
