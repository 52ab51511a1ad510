package dev.cryofuzz.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Markdown that shows any text as it is: no text can end its span, mention people or add HTML. */
final class Markdown {
  private static final Pattern BACKTICKS = Pattern.compile("`+");

  /** Mentions are looked for when escapes are gone already; what stands between stays. */
  private static final String APART = "<!-- -->";

  private static final String SPECIAL = "\\`*_{}[]()<>#|~&@:";

  private Markdown() {}

  /** Running text. */
  static String text(String text) {
    StringBuilder out = new StringBuilder();
    for (char letter : Printable.line(text).toCharArray()) {
      if (SPECIAL.indexOf(letter) >= 0) {
        out.append('\\');
      }
      out.append(letter);
      if (letter == '@' || letter == '#') {
        out.append(APART);
      }
    }
    return out.toString();
  }

  /** A heading's text reads better without escapes where none are needed. */
  static String heading(String text) {
    String line = Printable.line(text);
    return line.matches("[A-Za-z0-9 ./-]*") ? line : text(line);
  }

  /** A code span. Its fence is longer than any in the text; blanks keep the two apart. */
  static String code(String text) {
    String line = Printable.line(text);
    String fence = "`".repeat(longestRun(line) + 1);
    String gap = line.isEmpty() || line.startsWith("`") || line.endsWith("`") ? " " : "";
    return fence + gap + line + gap + fence;
  }

  /** A fenced block of whole lines, each made printable. */
  static String block(String language, String text) {
    String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
    StringBuilder out = new StringBuilder(fence).append(language).append('\n');
    text.lines().forEach(line -> out.append(Printable.line(line)).append('\n'));
    return out.append(fence).append('\n').toString();
  }

  /** The text of a summary element, which is HTML. Nobody is mentioned in code. */
  static String summary(String text) {
    String escaped = Printable.line(text).replace("&", "&amp;").replace("<", "&lt;");
    return "<code>" + escaped + "</code>";
  }

  static String details(String summary, String body) {
    return "<details><summary>" + summary + "</summary>\n\n" + body + "\n</details>\n";
  }

  private static int longestRun(String text) {
    Matcher matcher = BACKTICKS.matcher(text);
    int longest = 0;
    while (matcher.find()) {
      longest = Math.max(longest, matcher.end() - matcher.start());
    }
    return longest;
  }
}
