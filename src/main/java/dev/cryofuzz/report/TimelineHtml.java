package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.trace.Cell;
import dev.cryofuzz.trace.Step;
import java.util.List;
import java.util.stream.Collectors;

/** A finding as a page to look at: what it is, which steps it is about, and its run. */
final class TimelineHtml {
  private static final String FAILING = "f";
  private static final String PASSING = "p";

  private static final String KEYS =
      """
      <dialog id="help" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <table>
      <tr><td><kbd>j</kbd> <kbd>↓</kbd></td><td>next step</td></tr>
      <tr><td><kbd>k</kbd> <kbd>↑</kbd></td><td>previous step</td></tr>
      <tr><td><kbd>n</kbd> <kbd>p</kbd></td><td>next and previous event</td></tr>
      <tr><td><kbd>o</kbd></td><td>the step that wrote or sent what this one got</td></tr>
      <tr><td><kbd>g</kbd> <kbd>G</kbd></td><td>first and last step</td></tr>
      <tr><td><kbd>t</kbd></td><td>the other run</td></tr>
      <tr><td><kbd>a</kbd></td><td>show all steps</td></tr>
      <tr><td><kbd>?</kbd></td><td>this</td></tr>
      </table>
      <p>A value has the letter of the actor that wrote it; ∅ was there before the first step.
      ◆ is an event of the scenario; numbered steps are those that the finding is about.</p>
      <form method="dialog"><button>Close</button></form>
      </dialog>
      <footer class="where">
      <output id="where">j and k step through the run, n and p through its events</output>
      <button type="button" data-key="p" aria-label="previous event">◆ ↑</button>
      <button type="button" data-key="n" aria-label="next event">◆ ↓</button>
      <button type="button" data-key="?" aria-label="keys">?</button>
      </footer>
      """;

  private final FindingReport report;
  private final RunView failing;
  private final StringBuilder out = new StringBuilder();

  private TimelineHtml(FindingReport report) {
    this.report = report;
    this.failing = RunView.failing(report);
  }

  static String of(FindingReport report) {
    TimelineHtml page = new TimelineHtml(report);
    page.head();
    page.story();
    page.runs();
    page.evidence();
    return Page.of(
        report.title().text(), "timeline.css", "timeline.js", page.out.append(KEYS).toString());
  }

  private void head() {
    out.append(
        "<a class=\"skip\" href=\"#failing\">to the run</a>\n<main>\n<div class=\"top\">\n<header>\n");
    out.append("<div class=\"over\">cryofuzz finding</div>\n<h1>")
        .append(Html.text(report.title().text()))
        .append("</h1>\n");
    if (!report.finding().detail().isEmpty()) {
      out.append("<p>").append(Html.text(report.finding().detail())).append("</p>\n");
    }
    out.append("<dl class=\"facts\">\n");
    fact("scenario", Html.text(Sentences.of(report.scenario())));
    fact("target", Html.text(report.subject().target()));
    fact("variant", Html.text(report.subject().variant()));
    fact("failed", Html.text(report.confirmed().words() + " in fresh processes"));
    report.control().ifPresent(control -> fact("control", Html.text(control.text())));
    fact("events", events());
    fact("trace", Html.code(report.trace().hashText()) + (report.oneHash() ? "" : ", others too"));
    fact("replay", Html.code(FindingText.replayCommand(report.scenario(), "scenario.json")));
    out.append("</dl>\n</header>\n");
  }

  private void fact(String name, String html) {
    out.append("<dt>").append(name).append("</dt><dd>").append(html).append("</dd>\n");
  }

  private String events() {
    List<Event> events = report.scenario().events();
    return events.isEmpty()
        ? "none: it fails without any"
        : events.stream()
            .map(event -> Html.code(Sentences.of(event)))
            .collect(Collectors.joining("<br>"));
  }

  /** The steps that the finding is about; only where the finding was raised is no story. */
  private void story() {
    if (failing.offence().size() < 2) {
      return;
    }
    out.append("<section class=\"story\" aria-labelledby=\"story\">\n")
        .append("<h2 id=\"story\">What it is about</h2>\n<ol>\n");
    for (int i = 0; i < failing.offence().size(); i++) {
      part(i + 1, failing.offence().get(i));
    }
    out.append("</ol>\n</section>\n");
  }

  private void part(int number, Offence.Part part) {
    out.append("<li>")
        .append(Html.element("span", "number", String.valueOf(number)))
        .append("<span>")
        .append(Html.text(part.role()))
        .append("</span><span>");
    int row = failing.rowOf(part);
    if (part.isShown() && row >= 0) {
      Step step = failing.step(row);
      String text = report.trace().actor(step) + "#" + step.point();
      out.append("<a href=\"#" + FAILING + row + "\">" + Html.code(text) + "</a> ")
          .append(Html.code(Cell.operation(report.trace(), step)))
          .append(' ')
          .append(source(step));
    }
    out.append("</span></li>\n");
  }

  private String source(Step step) {
    if (step.site().isEmpty()) {
      return "";
    }
    String line = report.sources().getOrDefault(step.site(), "");
    return Html.element("span", "src", Html.code(step.site()))
        + (line.isEmpty() ? "" : " " + Html.code(line));
  }

  private void runs() {
    out.append("</div>\n");
    report.passing().ifPresent(passing -> buttons());
    if (report.passing().isEmpty()) {
      out.append("<div class=\"bar\">")
          .append("<button type=\"button\" data-key=\"a\">Show all steps</button></div>\n");
    }
    out.append("<div class=\"runs")
        .append(report.passing().isPresent() ? " two" : "")
        .append("\">\n");
    run("failing", "The failing run", FAILING, failing);
    String without = report.passing().map(PassingRun::without).orElse("");
    RunView.passing(report)
        .ifPresent(run -> run("passing", "A passing run, without " + without, PASSING, run));
    out.append("</div>\n");
  }

  private void buttons() {
    out.append(
        """
        <div class="bar">
        <button type="button" class="only-narrow" data-run="failing" aria-pressed="true">Failing run</button>
        <button type="button" class="only-narrow" data-run="passing" aria-pressed="false">Passing run</button>
        <button type="button" data-key="a">Show all steps</button>
        </div>
        """);
  }

  private void run(String id, String title, String rows, RunView view) {
    out.append("<section class=\"run ")
        .append(id)
        .append(id.equals("failing") ? " chosen" : "")
        .append("\" id=\"")
        .append(id)
        .append("\" aria-labelledby=\"")
        .append(id)
        .append("-title\">\n<header><h2 id=\"")
        .append(id)
        .append("-title\">")
        .append(Html.text(title))
        .append("</h2>");
    if (view.trace().cut()) {
      out.append("<div class=\"over\">earlier steps are missing</div>");
    }
    out.append("</header>\n<div class=\"frame\">\n")
        .append(RunTable.of(view, rows, title, report.sources()))
        .append("</div>\n</section>\n");
  }

  private void evidence() {
    report.scheduling().map(SchedulingLanes::of).ifPresent(out::append);
    if (!report.evidence().isEmpty()) {
      out.append("<details><summary>Stacks and logs at the end</summary>\n")
          .append(Html.pre(report.evidence()))
          .append("</details>\n");
    }
    out.append("<details><summary>Environment</summary>\n<dl class=\"facts\">\n");
    report.environment().forEach((name, value) -> fact(Html.text(name), Html.text(value)));
    out.append("</dl>\n</details>\n</main>\n");
  }
}
