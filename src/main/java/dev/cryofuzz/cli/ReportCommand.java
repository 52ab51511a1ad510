package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.report.Results;
import dev.cryofuzz.report.Sentences;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renders again, from saved data, what fuzz writes at its end. */
@Command(
    name = "report",
    description = {
      "Write reports of the findings in a folder, as fuzz does at its end: index.html, results.sarif"
          + " (SARIF 2.1.0), junit.xml, summary.md (Markdown), findings.jsonl (JSON lines). Nothing is"
          + " run again, but with --redraw each finding once. Exits with 0 whatever the findings are, with 2 if one of them can't be read.",
    })
final class ReportCommand implements Callable<Integer> {
  static final String GITHUB = "github";

  @Parameters(
      paramLabel = "DIR",
      description = "The folder that fuzz wrote to, or that of one finding.")
  private Path folder;

  @Option(
      names = "--format",
      completionCandidates = Candidates.Formats.class,
      split = ",",
      paramLabel = "F",
      description =
          "html, sarif, junit, markdown, json; all of them unless told. github: annotations on standard"
              + " output, and the summary appended to the file that $$GITHUB_STEP_SUMMARY names.")
  private List<String> formats = List.of();

  @Option(
      names = "--redraw",
      description =
          "Also draw the timelines of the findings anew, from one more run of each; they stay as they"
              + " are where one can't be had.")
  private boolean redraw;

  @Option(names = "--out", paramLabel = "DIR", description = "Write there; to DIR unless told.")
  private Optional<Path> out = Optional.empty();

  private final Surroundings around;

  ReportCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    List<ReportFormat> wanted = wanted();
    if (!Files.isDirectory(folder)) {
      throw new UsageError(folder + ": no such folder; type: ./cryofuzz fuzz --out " + folder);
    }
    SavedFindings saved = SavedFindings.in(folder);
    saved.errors().forEach(around.console()::say);
    if (saved.isEmpty() && saved.errors().isEmpty()) {
      throw new UsageError(folder + ": no findings there; type the folder that fuzz wrote to");
    }
    Results results = saved.results();
    if (!results.older().isEmpty()) {
      around
          .console()
          .talk(
              Sentences.count(results.older().size(), "finding")
                  + " of other campaigns there: in index.html and summary.md apart, in nothing else");
    }
    if (redraw) {
      new Redraw(around, folder).all(saved.all());
    }
    write(results, wanted);
    return saved.errors().isEmpty() ? ExitCode.CLEAN : ExitCode.USAGE;
  }

  private List<ReportFormat> wanted() {
    if (formats.isEmpty()) {
      return List.of(ReportFormat.values());
    }
    List<ReportFormat> wanted = new ArrayList<>();
    for (String format : formats) {
      if (!format.equals(GITHUB)) {
        wanted.add(ReportFormat.of(format));
      }
    }
    return wanted;
  }

  private void write(Results results, List<ReportFormat> wanted) throws UnwritableFolder {
    Path shown = out.orElse(folder);
    ReportFiles files = new ReportFiles(around.console(), around.environment());
    files.write(Folder.at(shown), results, wanted);
    wanted.forEach(format -> around.console().talk("wrote " + shown.resolve(format.file())));
    if (formats.contains(GITHUB)) {
      files.tellGitHub(results);
    }
  }
}
