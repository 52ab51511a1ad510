package dev.cryofuzz.report;

import java.util.Map;
import java.util.stream.Collectors;

/** HTML in which any text stays text: nothing in one ends its element or attribute, or hides. */
final class Html {
  private static final Map<Integer, String> SPECIAL =
      Map.of(
          (int) '<', "&lt;",
          (int) '>', "&gt;",
          (int) '&', "&amp;",
          (int) '"', "&quot;",
          (int) '\'', "&#39;");

  private Html() {}

  /** For running text and for values of attributes in quotes. */
  static String text(String text) {
    return Printable.line(text)
        .codePoints()
        .mapToObj(point -> SPECIAL.getOrDefault(point, Character.toString(point)))
        .collect(Collectors.joining());
  }

  /** Whole lines. */
  static String pre(String text) {
    return "<pre>"
        + text.replace("\t", "    ").lines().map(Html::text).collect(Collectors.joining("\n"))
        + "</pre>\n";
  }

  static String code(String text) {
    return "<code>" + text(text) + "</code>";
  }

  /** An element with a class; both are ours, the content is HTML. */
  static String element(String name, String kind, String content) {
    return "<" + name + " class=\"" + kind + "\">" + content + "</" + name + ">";
  }

  /** What only those hear who don't see the page. */
  static String unseen(String text) {
    return element("span", "hidden-text", text(text));
  }
}
