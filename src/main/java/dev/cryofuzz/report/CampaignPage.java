package dev.cryofuzz.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** A campaign as a page: what it found, how it went, and what each of its parts had. */
public final class CampaignPage {
  public static final String FILE = "index.html";

  /** More than a picture has room for. */
  private static final int POINTS = 240;

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private CampaignPage(Results results) {
    this.results = results;
  }

  public static String of(Results results) {
    CampaignPage page = new CampaignPage(results);
    page.head();
    page.findings();
    page.course();
    page.strategies();
    page.group("By target", JobResult::target, finding -> finding.scenario().target());
    page.group(
        "By memory model; findings by the strongest that they need",
        JobResult::memory,
        finding -> finding.scenario().memory().text());
    page.jobs();
    page.out.append("</main>\n");
    return Page.of("campaign", "index.css", "", page.out.toString());
  }

  private void head() {
    out.append("<main>\n<header>\n<div class=\"over\">cryofuzz campaign</div>\n<h1>")
        .append(Sentences.count(results.findings().size(), "finding"))
        .append(" in ")
        .append(count(runs(), "run"))
        .append("</h1>\n<dl class=\"facts\">\n");
    results
        .campaign()
        .ifPresentOrElse(
            this::facts,
            () -> fact("ended", "not by itself: what is here is what it had saved so far"));
    fact("version", Html.text(results.version()));
    out.append("</dl>\n</header>\n");
  }

  private void facts(CampaignResult campaign) {
    fact("time", seconds(campaign.milliseconds()));
    campaign.seed().ifPresent(seed -> fact("seed", Html.code("--seed " + seed)));
  }

  private void fact(String name, String html) {
    out.append("<dt>").append(name).append("</dt><dd>").append(html).append("</dd>\n");
  }

  private long runs() {
    List<Sample> samples = results.progress();
    return results.campaign().isPresent() || samples.isEmpty()
        ? results.jobs().stream().mapToLong(JobResult::runs).sum()
        : samples.get(samples.size() - 1).runs();
  }

  private void findings() {
    heading("Findings");
    findings(results.findings());
    if (!results.older().isEmpty()) {
      heading("Findings of other campaigns in this folder");
      findings(results.older());
    }
  }

  private void findings(List<SavedFinding> findings) {
    HtmlTable table =
        new HtmlTable("finding", "where", "failed", "control", "events", "first seen", "files");
    for (SavedFinding finding : findings) {
      table.row(
          link(finding, FindingFiles.TIMELINE_PAGE, finding.title().text()) + detail(finding),
          Html.text(Sentences.of(finding.scenario())),
          finding.confirmed().text(),
          finding.control().map(Control::text).map(Html::text).orElse(""),
          String.valueOf(finding.scenario().events().size()),
          finding.discovered().map(CampaignPage::first).orElse(""),
          files(finding));
    }
    out.append(table.isEmpty() ? "<p>None.</p>\n" : table.html());
  }

  private static String detail(SavedFinding finding) {
    String detail = finding.finding().detail();
    return detail.isEmpty() ? "" : Html.element("div", "over", Html.text(detail));
  }

  private static String first(Discovery found) {
    return "run " + grouped(found.run()) + ", " + seconds(found.milliseconds());
  }

  private static String files(SavedFinding finding) {
    return String.join(
        " ",
        link(finding, FindingFiles.README, "report"),
        link(finding, FindingFiles.SCENARIO, "scenario"),
        link(finding, FindingFiles.PERFETTO, "trace"));
  }

  private static String link(SavedFinding finding, String file, String text) {
    return "<a href=\"./"
        + address(finding.folder())
        + "/"
        + file
        + "\">"
        + Html.text(text)
        + "</a>";
  }

  /** A folder's name may be anybody's. */
  private static String address(String name) {
    StringBuilder out = new StringBuilder();
    for (byte part : name.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (part & 0xff);
      boolean plain =
          letter < 128 && (Character.isLetterOrDigit(letter) || "._-".indexOf(letter) >= 0);
      out.append(plain ? String.valueOf(letter) : String.format("%%%02X", part & 0xff));
    }
    return out.toString();
  }

  private void course() {
    if (results.progress().size() < 2) {
      return;
    }
    heading("Over time");
    out.append("<div class=\"charts\">\n");
    chart("runs", Sample::runs);
    chart("features reached", Sample::features);
    chart("scenarios kept", Sample::corpus);
    chart("findings", Sample::findings);
    out.append("</div>\n");
  }

  private void chart(String name, ToLongFunction<Sample> what) {
    List<Sample> all = results.progress();
    int each = Math.max(1, (all.size() + POINTS - 1) / POINTS);
    List<Chart.Point> points =
        Stream.iterate((all.size() - 1) % each, i -> i < all.size(), i -> i + each)
            .map(all::get)
            .map(sample -> new Chart.Point(sample.milliseconds() / 1e3, what.applyAsLong(sample)))
            .toList();
    out.append(Chart.of(name, points));
  }

  private void strategies() {
    List<Sample> samples = results.progress();
    HtmlTable table = new HtmlTable("strategy", "runs", "share");
    if (!samples.isEmpty()) {
      Sample last = samples.get(samples.size() - 1);
      long all = last.strategies().values().stream().mapToLong(Long::longValue).sum();
      last.strategies()
          .forEach(
              (name, runs) ->
                  table.row(
                      Html.text(name),
                      grouped(runs),
                      String.format(Locale.ROOT, "%.1f %%", 100.0 * runs / Math.max(1, all))));
    }
    if (!table.isEmpty()) {
      heading("By strategy");
      out.append(table.html());
    }
  }

  /** A finding may need less than the job that found it: a stronger model than any job's. */
  private List<String> names(
      Function<JobResult, String> key, Function<SavedFinding, String> keyOfFinding) {
    return Stream.concat(
            results.jobs().stream().map(key), results.findings().stream().map(keyOfFinding))
        .distinct()
        .sorted()
        .toList();
  }

  private void group(
      String title, Function<JobResult, String> key, Function<SavedFinding, String> keyOfFinding) {
    HtmlTable table =
        new HtmlTable("name", "jobs", "runs", "runs/s", "corpus", "features", "findings");
    for (String name : names(key, keyOfFinding)) {
      List<JobResult> jobs =
          results.jobs().stream().filter(job -> key.apply(job).equals(name)).toList();
      long runs = jobs.stream().mapToLong(JobResult::runs).sum();
      table.row(
          Html.text(name),
          grouped(jobs.size()),
          grouped(runs),
          speed(runs, jobs.stream().mapToLong(JobResult::milliseconds).sum()),
          grouped(jobs.stream().mapToLong(JobResult::corpus).sum()),
          grouped(jobs.stream().mapToLong(JobResult::features).sum()),
          grouped(
              results.findings().stream()
                  .filter(finding -> keyOfFinding.apply(finding).equals(name))
                  .count()));
    }
    if (!table.isEmpty()) {
      heading(title);
      out.append(table.html());
    }
  }

  private void jobs() {
    HtmlTable table =
        new HtmlTable(
            "target", "variant", "memory", "ended", "runs", "runs/s", "corpus", "features", "time");
    for (JobResult job : results.jobs()) {
      table.row(
          Html.text(job.target()),
          Html.text(job.variant()),
          Html.text(job.memory()),
          Html.text(job.ending().text() + (job.reason().isEmpty() ? "" : ": " + job.reason())),
          grouped(job.runs()),
          speed(job.runs(), job.milliseconds()),
          grouped(job.corpus()),
          grouped(job.features()),
          seconds(job.milliseconds()));
    }
    if (!table.isEmpty()) {
      heading("Jobs");
      out.append(table.html());
    }
  }

  private void heading(String text) {
    out.append("<h2>").append(text).append("</h2>\n");
  }

  private static String count(long number, String what) {
    return grouped(number) + " " + what + (number == 1 ? "" : "s");
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String speed(long runs, long milliseconds) {
    return milliseconds == 0 ? "-" : grouped(runs * 1000 / milliseconds);
  }

  private static String seconds(long milliseconds) {
    return String.format(Locale.ROOT, "%,.1f s", milliseconds / 1e3);
  }
}
