package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.report.FindingFiles;
import dev.cryofuzz.report.FindingReport;
import dev.cryofuzz.report.SavedFinding;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Draws the timelines of saved findings anew, from one more run of each; where that can't be had
 * they stay as they are, and the reason is said.
 */
final class Redraw {
  private static final List<String> DRAWN =
      List.of(FindingFiles.TIMELINE, FindingFiles.TIMELINE_PAGE, FindingFiles.PERFETTO);

  private final Surroundings around;
  private final Path folder;

  /**
   * @param folder in which those of the findings are
   */
  Redraw(Surroundings around, Path folder) {
    this.around = around;
    this.folder = folder;
  }

  void all(List<SavedFinding> findings) throws UnwritableFolder {
    for (SavedFinding finding : findings) {
      Path place = folder.resolve(finding.folder()).normalize();
      Optional<String> refusal = draw(finding, place);
      around
          .console()
          .talk(
              refusal
                  .map(reason -> place + ": its timeline stays as it is: " + reason)
                  .orElse("redrew " + place.resolve(FindingFiles.TIMELINE_PAGE)));
    }
  }

  /** Why it can't be drawn. */
  private Optional<String> draw(SavedFinding finding, Path place) throws UnwritableFolder {
    Scenario scenario = finding.scenario();
    if (!around.bench().targets().contains(scenario.target())) {
      return Optional.of("there is no target " + scenario.target() + " here");
    }
    TargetDescription target = around.bench().describe(scenario.target());
    if (target.unsupported().isPresent()) {
      return target.unsupported();
    }
    try (Executor executor = around.bench().open(scenario.target())) {
      TracedRun traced = executor.runTraced(scenario, Replay.mode(scenario, executor));
      if (!traced.run().failedAs(finding.title())) {
        return Optional.of("it does not fail so now");
      }
      Triage triage = new Triage(executor, Facts.environment(scenario), () -> true);
      write(triage.again(finding, traced), place);
      return Optional.empty();
    }
  }

  private static void write(FindingReport report, Path place) throws UnwritableFolder {
    Folder written = Folder.at(place);
    Map<String, String> files = FindingFiles.of(report);
    for (String name : DRAWN) {
      written.write(name, files.get(name).getBytes(StandardCharsets.UTF_8));
    }
  }
}
