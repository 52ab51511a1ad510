package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Loaded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads scenarios that the user names, and checks that their targets can run them. */
final class ScenarioFiles {
  private final Bench bench;

  ScenarioFiles(Bench bench) {
    this.bench = bench;
  }

  /** All that can be run; what is wrong with the others is among the errors. */
  Loaded read(List<Path> paths) {
    Loaded loaded = CorpusReader.read(paths);
    List<Entry> runnable = new ArrayList<>();
    List<String> errors = new ArrayList<>(loaded.errors());
    for (Entry entry : loaded.entries()) {
      try {
        bench.describe(entry.scenario().target()).check(entry.scenario());
        runnable.add(entry);
      } catch (UsageError | IllegalArgumentException e) {
        errors.add(entry.file() + ": " + e.getMessage());
      }
    }
    return new Loaded(runnable, errors);
  }

  /** The only one. */
  Entry readOne(Path file) {
    Loaded loaded = read(List.of(file));
    if (!loaded.errors().isEmpty()) {
      throw new UsageError(String.join("\n", loaded.errors()));
    }
    if (loaded.entries().size() != 1) {
      throw new UsageError(
          file + ": " + loaded.entries().size() + " scenarios, type the name of one file");
    }
    return loaded.entries().get(0);
  }
}
