package dev.cryofuzz.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The shared objects that scenarios may have loaded: what they name themselves is not trusted. */
final class LibraryOption {
  @Option(
      names = "--target",
      split = ",",
      paramLabel = "NAME.so",
      description =
          "A target of your own that scenarios need. It is loaded, so it runs; what a scenario names"
              + " itself is not.")
  private List<Path> libraries = List.of();

  ScenarioFiles files(Bench bench) {
    return new ScenarioFiles(bench, libraries.stream().map(bench::use).toList());
  }
}
