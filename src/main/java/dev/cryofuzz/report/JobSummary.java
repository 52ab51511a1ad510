package dev.cryofuzz.report;

import dev.cryofuzz.scenario.ScenarioJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A campaign as Markdown, short enough for the summary of a GitHub job. */
public final class JobSummary {
  /** GitHub shows nothing of a longer one; somebody else's steps may write to it, too. */
  private static final int MAX_BYTES = 1_000_000;

  private static final String CUT = "\nThe others are in the campaign's folder.\n";

  private static final int MOST_OLDER = 20;

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private JobSummary(Results results) {
    this.results = results;
  }

  public static String of(Results results) {
    JobSummary summary = new JobSummary(results);
    summary.heading();
    summary.findings();
    summary.older();
    summary.jobs();
    summary.details();
    return summary.out.toString();
  }

  private void heading() {
    int count = results.findings().size();
    out.append("## cryofuzz: ")
        .append(count == 0 ? "no finding" : Sentences.count(count, "finding"))
        .append("\n\n");
    results.campaign().ifPresent(this::campaign);
  }

  private void campaign(CampaignResult campaign) {
    long runs = campaign.jobs().stream().mapToLong(JobResult::runs).sum();
    out.append(
        String.format(
            Locale.ROOT,
            "%,d runs in %d.%d s%s.\n\n",
            runs,
            campaign.milliseconds() / 1000,
            campaign.milliseconds() % 1000 / 100,
            campaign.seed().map(seed -> ", seed " + seed).orElse("")));
  }

  private void findings() {
    if (results.findings().isEmpty()) {
      return;
    }
    Table table = new Table("finding", "where", "scenario", "failed", "control", "events");
    for (SavedFinding finding : results.findings()) {
      table.row(
          finding.title().text(),
          results.place(finding).text(),
          Sentences.of(finding.scenario()),
          finding.confirmed().text(),
          finding.control().map(control -> control.rate().text()).orElse("-"),
          finding.scenario().events().size());
    }
    table(table);
  }

  private void older() {
    if (!results.older().isEmpty()) {
      out.append(Sentences.count(results.older().size(), "finding"))
          .append(" of other campaigns in the same folder: ")
          .append(
              results.older().stream()
                  .map(finding -> Markdown.code(finding.folder()))
                  .limit(MOST_OLDER)
                  .collect(Collectors.joining(", ")))
          .append(results.older().size() > MOST_OLDER ? " …\n\n" : "\n\n");
    }
  }

  /** Of thousands of findings the first ones are enough to be busy with. */
  private void table(Table table) {
    String text = table.markdown();
    int end = Math.min(text.length(), MAX_BYTES / 8);
    int whole = end == text.length() ? end : text.lastIndexOf('\n', end) + 1;
    out.append(text, 0, whole);
    if (whole < text.length()) {
      out.append(CUT);
    }
    out.append('\n');
  }

  private void jobs() {
    List<JobResult> jobs = results.jobs();
    if (jobs.isEmpty()) {
      return;
    }
    Table table = new Table("target", "variant", "memory", "runs", "corpus", "features", "ending");
    for (JobResult job : jobs) {
      table.row(
          job.target(),
          job.variant(),
          job.memory(),
          String.format(Locale.ROOT, "%,d", job.runs()),
          job.corpus(),
          job.features(),
          job.ending().text() + (job.reason().isEmpty() ? "" : ": " + job.reason()));
    }
    table(table);
  }

  private void details() {
    int left = MAX_BYTES - bytes(out) - CUT.length();
    for (SavedFinding finding : results.findings()) {
      String text = detail(finding) + "\n";
      left -= bytes(text);
      if (left < 0) {
        out.append(CUT);
        return;
      }
      out.append(text);
    }
  }

  private static int bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static String detail(SavedFinding finding) {
    StringBuilder body = new StringBuilder();
    if (!finding.finding().detail().isEmpty()) {
      body.append(Markdown.code(finding.finding().detail())).append("\n\n");
    }
    finding
        .scenario()
        .events()
        .forEach(
            event -> body.append("- ").append(Markdown.code(Sentences.of(event))).append('\n'));
    body.append("\nSave this as `scenario.json`; the whole report is in ")
        .append(Markdown.code(finding.folder()))
        .append(":\n\n")
        .append(Markdown.block("json", ScenarioJson.write(finding.scenario())))
        .append('\n')
        .append(Markdown.block("sh", command(finding)));
    return Markdown.details(Markdown.summary(finding.title().text()), body.toString());
  }

  /** Whoever reads this in a forge has no folder of ours. */
  private static String command(SavedFinding finding) {
    return FindingText.replayCommand(finding.scenario(), FindingFiles.SCENARIO);
  }
}
