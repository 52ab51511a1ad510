package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.report.Annotations;
import dev.cryofuzz.report.CampaignJson;
import dev.cryofuzz.report.CampaignResult;
import dev.cryofuzz.report.JobSummary;
import dev.cryofuzz.report.Results;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes what other programs read of a campaign. */
final class ReportFiles {
  static final String CAMPAIGN = "campaign.json";

  private final Console console;
  private final Map<String, String> environment;

  /**
   * @param environment GITHUB_ACTIONS and GITHUB_STEP_SUMMARY say whether GitHub listens
   */
  ReportFiles(Console console, Map<String, String> environment) {
    this.console = console;
    this.environment = environment;
  }

  /** At the end of a campaign: what became of it, and all formats of all that lies there. */
  void write(Folder out, CampaignResult campaign) throws UnwritableFolder {
    save(out, CAMPAIGN, CampaignJson.of(campaign));
    SavedFindings saved = SavedFindings.in(out.path());
    saved.errors().forEach(console::say);
    Results results = saved.results();
    write(out, results, List.of(ReportFormat.values()));
    if ("true".equals(environment.get("GITHUB_ACTIONS"))) {
      tellGitHub(results);
    }
  }

  void write(Folder out, Results results, List<ReportFormat> formats) throws UnwritableFolder {
    for (ReportFormat format : formats) {
      save(out, format.file(), format.render(results));
    }
  }

  private static void save(Folder out, String name, String text) throws UnwritableFolder {
    out.write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Annotations are commands on standard output, the summary is appended to a file. */
  void tellGitHub(Results results) throws UnwritableFolder {
    Annotations.of(results).lines().forEach(console::data);
    String summary = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
    if (!summary.isEmpty()) {
      append(Path.of(summary), JobSummary.of(results));
    }
  }

  private static void append(Path file, String text) throws UnwritableFolder {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UnwritableFolder(file, e);
    }
  }
}
