package dev.cryofuzz.cli;

import dev.cryofuzz.report.CampaignPage;
import dev.cryofuzz.report.FindingJson;
import dev.cryofuzz.report.JUnitXml;
import dev.cryofuzz.report.JobSummary;
import dev.cryofuzz.report.Results;
import dev.cryofuzz.report.Sarif;
import dev.cryofuzz.report.SavedFinding;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The forms in which a campaign is told to other programs, each a file in its folder. */
enum ReportFormat {
  HTML(CampaignPage.FILE, CampaignPage::of),
  SARIF("results.sarif", Sarif::of),
  JUNIT("junit.xml", JUnitXml::of),
  MARKDOWN("summary.md", JobSummary::of),
  JSON("findings.jsonl", ReportFormat::lines);

  private final String file;
  private final Function<Results, String> renderer;

  ReportFormat(String file, Function<Results, String> renderer) {
    this.file = file;
    this.renderer = renderer;
  }

  String file() {
    return file;
  }

  String render(Results results) {
    return renderer.apply(results);
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static String names() {
    return Arrays.stream(values()).map(ReportFormat::text).collect(Collectors.joining(", "));
  }

  static ReportFormat of(String text) {
    return Arrays.stream(values())
        .filter(format -> format.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new UsageError("--format " + text + ": there are " + names()));
  }

  private static String lines(Results results) {
    List<SavedFinding> findings = results.findings();
    return findings.stream().map(FindingJson::line).collect(Collectors.joining());
  }
}
