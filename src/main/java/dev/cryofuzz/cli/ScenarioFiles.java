package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads scenarios that the user names, and checks that their targets can run them. */
final class ScenarioFiles {
  private final Bench bench;

  private final List<String> given;

  /**
   * @param given names of targets whose shared objects the user has named
   */
  ScenarioFiles(Bench bench, List<String> given) {
    this.bench = bench;
    this.given = given;
  }

  /** All that can be run; what is wrong with the others is among the errors. */
  Loaded read(List<Path> paths) {
    Loaded loaded = CorpusReader.read(paths);
    List<Entry> runnable = new ArrayList<>();
    List<String> errors = new ArrayList<>(loaded.errors());
    for (Entry entry : loaded.entries()) {
      try {
        target(entry).check(entry.scenario());
        runnable.add(entry);
      } catch (UsageError | IllegalArgumentException e) {
        errors.add(entry.file() + ": " + e.getMessage());
      }
    }
    return new Loaded(runnable, errors);
  }

  private TargetDescription target(Entry entry) {
    String name = entry.scenario().target();
    Optional<String> library = entry.scenario().library();
    if (library.isPresent() && !given.contains(name)) {
      throw notTrusted(name, library.get());
    }
    return bench.describe(name);
  }

  /** To load it is to run it; and the scenario may be somebody else's. */
  private static UsageError notTrusted(String target, String library) {
    return new UsageError(
        "its target "
            + target
            + " is a program of its own, "
            + library
            + ", which is not loaded unless you say so; expected: --target PATH/"
            + Path.of(library).getFileName());
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
