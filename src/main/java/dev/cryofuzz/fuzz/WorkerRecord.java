package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.sys.Capture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the workers of one job have left in its folder so far, and how much of it was read. */
final class WorkerRecord {
  private final WorkerFolder folder;
  private final Folder found;
  private final Tally tally;
  private final Capture output = new Capture("cryofuzz-worker");
  private final LibFuzzerLog log = new LibFuzzerLog(output.path());
  private final Set<Path> reported = new HashSet<>();

  private WorkerRecord(WorkerFolder folder, Folder found, Tally tally) {
    this.folder = folder;
    this.found = found;
    this.tally = tally;
  }

  static WorkerRecord open(WorkerFolder folder) throws UnwritableFolder {
    try {
      return new WorkerRecord(folder, folder.found(), Tally.map(folder.tally()));
    } catch (IOException e) {
      throw new UnwritableFolder(folder.tally(), e);
    }
  }

  /** Where workers print: in memory, as the disk may be what they have to complain about. */
  Path output() {
    return output.path();
  }

  Progress progress() {
    log.poll();
    return new Progress(
        tally.of(Tally.Count.RUNS),
        tally.of(Tally.Count.FAILED),
        tally.of(Tally.Count.UNSUPPORTED),
        tally.of(Tally.Count.BROKEN),
        log.corpus(),
        log.features(),
        tally.efforts());
  }

  List<Sighting> news() {
    return found.files(".json").stream().filter(reported::add).map(Sighting::of).toList();
  }

  /** What a worker that gave up said about it. */
  Optional<String> failure() {
    try {
      return Optional.of(Files.readString(folder.failure(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean isDone() {
    log.poll();
    return log.saysDone();
  }

  String lastLines() {
    return String.join("\n", log.lastLines());
  }
}
