package dev.cryofuzz.report;

import java.util.List;

/**
 * Findings as workflow commands of GitHub Actions, which show them beside the lines of the source.
 */
public final class Annotations {
  /** A step may have ten of each level; what is more is dropped without a word. */
  private static final int MAX = 10;

  private static final int MAX_TITLE = 255;
  private static final int MAX_MESSAGE = 4096;

  private Annotations() {}

  /** A line each; where there are more than are shown, the last one says so. */
  public static String of(Results results) {
    List<SavedFinding> findings = results.findings();
    int shown = findings.size() <= MAX ? findings.size() : MAX - 1;
    StringBuilder out = new StringBuilder();
    findings.subList(0, shown).forEach(finding -> out.append(line(results, finding)));
    if (shown < findings.size()) {
      String more = (findings.size() - shown) + " more findings are in the job's summary";
      out.append("::error title=cryofuzz::").append(message(more)).append('\n');
    }
    return out.toString();
  }

  private static String line(Results results, SavedFinding finding) {
    Place place = results.place(finding);
    String detail = finding.finding().detail();
    String text =
        (detail.isEmpty() ? "" : detail + "\n")
            + Sentences.of(finding.scenario())
            + "\n"
            + finding.rates()
            + "\n"
            + finding.replayCommand();
    return "::error file="
        + property(place.file())
        + ",line="
        + place.line()
        + ",title="
        + property(cut(finding.title().text(), MAX_TITLE))
        + "::"
        + message(cut(text, MAX_MESSAGE))
        + "\n";
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "…";
  }

  private static String message(String text) {
    return Printable.lines(text)
        .stripTrailing()
        .replace("%", "%25")
        .replace("\r", "%0D")
        .replace("\n", "%0A");
  }

  private static String property(String text) {
    return message(Printable.line(text)).replace(":", "%3A").replace(",", "%2C");
  }
}
