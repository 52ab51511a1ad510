package dev.cryofuzz.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which shared objects of the user's scenarios mean, whatever they say themselves. */
final class LibraryOption {
  @Option(
      names = "--target",
      split = ",",
      paramLabel = "NAME.so",
      description = "A target of your own, instead of the file that scenarios name.")
  private List<Path> libraries = List.of();

  ScenarioFiles files(Bench bench) {
    return new ScenarioFiles(bench, libraries.stream().map(bench::use).toList());
  }
}
