package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.fuzz.Effort;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.report.ProgressJson;
import dev.cryofuzz.report.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes down how a campaign goes, line by line, so that it is known of one that is killed, too. A
 * line a second at first, then ever fewer: a 200th of the time apart, so that a day has some
 * thousand.
 */
final class ProgressFile {
  static final String NAME = "progress.jsonl";
  private static final Duration AT_FIRST = Duration.ofSeconds(1);
  private static final int LINES = 200;
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final Path file;
  private Duration next = Duration.ZERO;

  private ProgressFile(Path file) {
    this.file = file;
  }

  /** Of a new campaign; that of the last one is gone. */
  static ProgressFile in(Folder out) throws UnwritableFolder {
    return new ProgressFile(out.write(NAME, new byte[0]));
  }

  void tick(Job job, Duration elapsed, Progress progress, int findings) throws UnwritableFolder {
    if (elapsed.compareTo(next) >= 0) {
      Duration pause = elapsed.dividedBy(LINES);
      next = elapsed.plus(pause.compareTo(AT_FIRST) < 0 ? AT_FIRST : pause);
      add(job, elapsed, progress, findings);
    }
  }

  void add(Job job, Duration elapsed, Progress progress, int findings) throws UnwritableFolder {
    Map<String, Long> strategies =
        progress.efforts().stream()
            .filter(effort -> effort.runs() > 0)
            .collect(Collectors.toMap(effort -> effort.strategy().text(), Effort::runs));
    Sample sample =
        new Sample(
            elapsed.toMillis(),
            job.name(),
            progress.runs(),
            progress.features(),
            progress.corpus(),
            findings,
            strategies);
    try {
      Files.write(
          file,
          ProgressJson.line(sample).getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.APPEND,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      next = NEVER;
      throw new UnwritableFolder(file, e);
    }
  }
}
