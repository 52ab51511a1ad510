package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;

/** A finding as the console shows it. */
public final class FindingText {
  private FindingText() {}

  /**
   * @param folder where it is saved, as the user would type it
   */
  public static String of(FindingReport report, String folder) {
    StringBuilder out = new StringBuilder();
    out.append("FOUND ").append(Printable.line(report.title().text())).append('\n');
    line(out, "detail", report.finding().detail());
    line(out, "scenario", Sentences.of(report.scenario()));
    line(out, "failed", failed(report));
    report.control().ifPresent(control -> line(out, "control", control.text()));
    line(out, "events", events(report));
    for (Event event : report.scenario().events()) {
      line(out, "", Sentences.of(event));
    }
    report.minimizing().ifPresent(how -> line(out, "minimized", how.text()));
    line(out, "saved", folder);
    line(out, "replay", replayCommand(report.scenario(), folder));
    return out.toString();
  }

  /** What to type to see it again. */
  public static String replayCommand(Scenario scenario, String folder) {
    return command("replay", scenario, folder);
  }

  /** What to type. A target of one's own is named, else it is not loaded. */
  static String command(String command, Scenario scenario, String file) {
    String target =
        scenario.library().map(path -> "--target " + ShellWord.quote(path) + " ").orElse("");
    return "./cryofuzz " + command + " " + target + ShellWord.quote(file);
  }

  private static String failed(FindingReport report) {
    return report.confirmed().text()
        + " in fresh processes, "
        + (report.oneHash() ? "one trace " + report.trace().hashText() : "with different traces");
  }

  private static String events(FindingReport report) {
    return report.original().events().size()
        + " before minimizing, "
        + report.scenario().events().size()
        + " after";
  }

  private static void line(StringBuilder out, String name, String text) {
    if (!text.isEmpty()) {
      out.append(String.format("  %-10s%s\n", name, Printable.line(text)));
    }
  }
}
