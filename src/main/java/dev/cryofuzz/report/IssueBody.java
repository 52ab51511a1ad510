package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.trace.Timeline;
import java.util.List;

/** A finding as the text of an issue, in the shape of CRIU's issue template. */
final class IssueBody {
  /** GitHub takes no longer one. */
  private static final int MAX = 65_536;

  /** What each log may have; all of them are in files beside. */
  private static final int LOG = 24_000;

  private static final int TIMELINE_LINES = 300;

  private final FindingReport report;
  private final String explanation;
  private final int room;
  private final StringBuilder out = new StringBuilder();

  private IssueBody(FindingReport report, String explanation, int room) {
    this.report = report;
    this.explanation = explanation;
    this.room = room;
  }

  /**
   * Logs give way until all of it fits.
   *
   * @param explanation why it fails, "" if nobody has tried to find out
   */
  static String of(FindingReport report, String explanation) {
    String text = of(report, explanation, LOG);
    for (int room = LOG / 2; text.length() > MAX && room > 0; room /= 2) {
      text = of(report, explanation, room);
    }
    return text;
  }

  private static String of(FindingReport report, String explanation, int room) {
    IssueBody body = new IssueBody(report, explanation, room);
    body.description();
    body.steps();
    body.results();
    body.additional();
    body.logs();
    body.environment();
    return body.out.toString();
  }

  private void description() {
    out.append("# ").append(Markdown.heading(report.title().text())).append("\n\n");
    heading("Description");
    Scenario scenario = report.scenario();
    Subject subject = report.subject();
    line("- target " + Markdown.code(scenario.target()) + told(subject.target()));
    line("- variant " + Markdown.code(scenario.variant()) + told(subject.variant()));
    subject.params().forEach((param, what) -> line("- param " + Markdown.code(param) + told(what)));
    line("- memory model " + Markdown.code(scenario.memory().text()));
    out.append('\n');
    if (subject.planted()) {
      line("This variant has a bug that is known, and is there to be found with this title.\n");
    }
    int events = scenario.events().size();
    if (events == 0) {
      line(
          report.control().isPresent()
              ? "It needs no event: these params are enough."
              : "It fails in the default run, without any event.");
    } else {
      line("Beside the default run it needs " + Sentences.count(events, "event") + ":\n");
      scenario.events().forEach(this::event);
    }
    out.append('\n');
    if (report.trace().steps().stream().anyMatch(step -> step.op().isAccess())) {
      line(Sentences.meaning(scenario.memory()) + "\n");
    }
  }

  private static String told(String what) {
    return what.isEmpty() ? "" : ": " + Markdown.text(what);
  }

  private void event(Event event) {
    String site =
        event
            .at()
            .site()
            .map(place -> " (" + Markdown.code(place) + ", visit " + event.at().nth() + ")")
            .orElse("");
    line(
        "- at "
            + Markdown.code(event.at().text())
            + site
            + ": "
            + Markdown.code(Sentences.of(event.action())));
  }

  private void steps() {
    heading("Steps to reproduce the issue:");
    line("1. Save this as `scenario.json` (it lies beside this file, too):\n");
    out.append(Markdown.block("json", ScenarioJson.write(report.scenario()))).append('\n');
    line(
        "2. In a clone of cryofuzz, which builds itself on Debian 12 or 13"
            + report.scenario().library().map(IssueBody::building).orElse("")
            + ":\n");
    String script =
        FindingText.command("replay", report.scenario(), FindingFiles.SCENARIO)
            + "\n"
            + FindingText.command("show", report.scenario(), FindingFiles.SCENARIO)
            + "   # the run, step by step\n";
    out.append(Markdown.block("sh", script)).append('\n');
    report.subject().export().ifPresent(this::export);
  }

  private static String building(String library) {
    return ", with "
        + Markdown.code(library)
        + ", the target under test, built from its source by `./cryofuzz cc`";
  }

  private void export(String what) {
    line("Without cryofuzz, by " + what + ", which this prints:\n");
    String command = FindingText.command("export", report.scenario(), FindingFiles.SCENARIO);
    out.append(Markdown.block("sh", command + "\n")).append('\n');
  }

  private void results() {
    heading("Describe the results you received:");
    line(Markdown.code(report.title().text()) + detail() + "\n");
    line("It failed " + report.confirmed().words() + " in fresh processes, " + hashes() + ".\n");
    heading("Describe the results you expected:");
    line("The run passes" + report.control().map(IssueBody::control).orElse("") + ".\n");
  }

  private String detail() {
    String detail = report.finding().detail();
    return detail.isEmpty() ? "" : ": " + Markdown.code(detail);
  }

  private String hashes() {
    return report.oneHash()
        ? "each time with the trace " + Markdown.code(report.trace().hashText())
        : "with different traces";
  }

  /** A failure that stays without its cause has another cause: then it must be said. */
  private static String control(Control control) {
    Rate rate = control.rate();
    String without = " without " + control.without();
    return rate.failed() == 0
        ? ", as it does" + without + " (control: it failed " + rate.words() + ")"
        : " (control: it failed " + rate.words() + without + ", so these are not the whole cause)";
  }

  private void additional() {
    heading("Additional information you deem important (e.g. issue happens only occasionally):");
    int before = report.original().events().size();
    int after = report.scenario().events().size();
    String events = before == 0 ? "" : " from " + Sentences.count(before, "event") + " to " + after;
    line("- It was minimized" + events + how() + " The first failing run is in `original.json`.");
    if (report.scenario().memory() != MemoryModel.SC) {
      line("- Memory is simulated: the values are those that the model allows, on any machine.");
    }
    report.discovered().ifPresent(this::discovered);
    line(
        explanation.isEmpty()
            ? "- "
                + Markdown.code(
                    FindingText.command("explain", report.scenario(), FindingFiles.SCENARIO))
                + " finds out why it fails, by experiment."
            : "- Why it fails was found out by experiment, see `"
                + FindingFiles.EXPLANATION
                + "`.");
    out.append('\n');
    log("Why it fails", explanation, FindingFiles.EXPLANATION);
  }

  /** What may still be taken away is not claimed to be needed. */
  private String how() {
    String took = report.minimizing().map(it -> " (" + it.text() + ")").orElse("");
    int left = report.scenario().events().size();
    if (left == 0 || !report.minimizing().map(Minimizing::complete).orElse(false)) {
      return took + ".";
    }
    return took + ": without " + (left == 1 ? "it" : "any one of them") + " it does not fail.";
  }

  /** CRIU's template has a place for the logs of a dump and a restore: evidence has them. */
  private void logs() {
    boolean criu = report.environment().keySet().stream().anyMatch(it -> it.startsWith("criu"));
    heading(criu ? "CRIU logs and information:" : "Logs and information:");
    log("Stacks and logs at the end", report.evidence(), FindingFiles.EVIDENCE);
    log("What the kernel logged during the run", report.kernelLog(), FindingFiles.KERNEL_LOG);
    String scheduling = report.scheduling().map(SchedulingTable::of).orElse("");
    log("What the kernel's scheduler did", scheduling, FindingFiles.SCHEDULING);
    report.environment().forEach(this::output);
    String timeline = lastLines(Timeline.render(report.trace(), report.scenario()));
    log("Timeline: one column per process, events are marked with *", timeline, "timeline.txt");
  }

  private void log(String summary, String text, String file) {
    if (!text.isEmpty()) {
      String shown = Excerpt.middle(Printable.lines(text), room, file);
      out.append(Markdown.details(summary, Markdown.block("", shown))).append('\n');
    }
  }

  /** What a program has printed in many lines. */
  private void output(String name, String value) {
    if (value.contains("\n")) {
      log("Output of <code>" + name + "</code>", value, FindingFiles.ENVIRONMENT);
    }
  }

  /** What led to the end is there. */
  private static String lastLines(String timeline) {
    List<String> lines = timeline.lines().toList();
    int left = lines.size() - TIMELINE_LINES;
    if (left <= 0) {
      return timeline;
    }
    return "("
        + left
        + " earlier lines are in timeline.txt)\n"
        + String.join("\n", lines.subList(left, lines.size()));
  }

  private void discovered(Discovery found) {
    line(
        String.format(
            "- Found with %s in run %d, after %d.%d s.",
            found.opening() ? "any seed (every campaign begins with it)" : "seed " + found.seed(),
            found.run(),
            found.milliseconds() / 1000,
            found.milliseconds() % 1000 / 100));
  }

  private void environment() {
    heading("Additional environment details:");
    report.environment().entrySet().stream()
        .filter(fact -> !fact.getValue().contains("\n"))
        .forEach(
            fact ->
                line("- " + Markdown.text(fact.getKey()) + ": " + Markdown.code(fact.getValue())));
  }

  private void heading(String text) {
    out.append("**").append(text).append("**\n\n");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
