package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is known to pass of a job, as its worker said it. */
public final class Covered {
  private Covered() {}

  public static Optional<String> of(Folder workspace, Job job) {
    Path file = workspace.path().resolve(job.name()).resolve(WorkerFolder.COVERED);
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8))
          .filter(what -> !what.isEmpty());
    } catch (IOException e) {
      // Nothing was: a finding came first, or no strategy that has an end.
      return Optional.empty();
    }
  }
}
