package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.Reason;
import dev.cryofuzz.report.CampaignJson;
import dev.cryofuzz.report.CampaignResult;
import dev.cryofuzz.report.FindingFiles;
import dev.cryofuzz.report.FindingJson;
import dev.cryofuzz.report.Place;
import dev.cryofuzz.report.ProgressJson;
import dev.cryofuzz.report.Results;
import dev.cryofuzz.report.Sample;
import dev.cryofuzz.report.SavedFinding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What campaigns have left in a folder. One that can't be read hides none of the others; links are
 * not followed, for the folder may be somebody else's.
 */
final class SavedFindings {
  /** What we write has a few hundred bytes; of a target's texts it may be some thousands. */
  private static final int MAX_BYTES = 1 << 20;

  private final Path folder;
  private final List<SavedFinding> findings = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private Optional<CampaignResult> campaign = Optional.empty();
  private List<Sample> progress = List.of();

  private SavedFindings(Path folder) {
    this.folder = folder;
  }

  /** The folder of a campaign, or of a single finding. */
  static SavedFindings in(Path folder) {
    SavedFindings saved = new SavedFindings(folder);
    if (isFile(folder.resolve(FindingFiles.FINDING))) {
      saved.add(folder, ".");
    } else {
      saved.folders().forEach(path -> saved.add(path, path.getFileName().toString()));
      saved.addCampaign();
      saved.addProgress();
    }
    return saved;
  }

  boolean isEmpty() {
    return findings.isEmpty() && campaign.isEmpty() && progress.isEmpty();
  }

  /** Of whichever campaign. */
  List<SavedFinding> all() {
    return List.copyOf(findings);
  }

  /** As {@code file: what is wrong with it}. */
  List<String> errors() {
    return errors;
  }

  Results results() {
    Map<String, String> sources = new TreeMap<>();
    SourceFiles files = new SourceFiles(Facts.home());
    for (SavedFinding finding : findings) {
      Stream.concat(
              finding.place().stream(),
              finding.scenario().events().stream()
                  .flatMap(event -> event.at().site().flatMap(Place::parse).stream()))
          .forEach(
              place ->
                  files
                      .find(place.file(), finding.scenario())
                      .ifPresent(path -> sources.put(place.file(), path)));
    }
    return Results.of(Version.text(), campaign, findings, progress, sources);
  }

  private List<Path> folders() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .filter(path -> isFile(path.resolve(FindingFiles.FINDING)))
          .sorted()
          .toList();
    } catch (IOException e) {
      errors.add(folder + ": " + Reason.of(e));
      return List.of();
    }
  }

  private void add(Path path, String name) {
    Loaded scenario = CorpusReader.read(List.of(path.resolve(FindingFiles.SCENARIO)));
    errors.addAll(scenario.errors());
    if (scenario.errors().isEmpty()) {
      Path file = path.resolve(FindingFiles.FINDING);
      text(file)
          .flatMap(
              text ->
                  read(
                      file,
                      () -> FindingJson.read(name, text, scenario.entries().get(0).scenario())))
          .ifPresent(findings::add);
    }
  }

  private void addCampaign() {
    Path file = folder.resolve(ReportFiles.CAMPAIGN);
    if (isFile(file)) {
      campaign = text(file).flatMap(text -> read(file, () -> CampaignJson.read(text)));
    }
  }

  private void addProgress() {
    Path file = folder.resolve(ProgressFile.NAME);
    if (isFile(file)) {
      progress = text(file).map(ProgressJson::read).orElse(List.of());
    }
  }

  private <T> Optional<T> read(Path file, Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (IllegalArgumentException e) {
      errors.add(file + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> text(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("more than " + MAX_BYTES + " bytes");
      }
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      errors.add(file + ": " + Reason.of(e));
      return Optional.empty();
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}
