package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the shared object lies that a scenario names. A path is as it was typed when the scenario
 * was found, so it holds from a folder above the file: the findings may have moved, and the target
 * with them. Else it holds from where we are.
 */
final class LibraryPath {
  private LibraryPath() {}

  static Path of(Entry entry, String library) {
    Path here = Path.of("").toAbsolutePath();
    Path found =
        Stream.concat(above(entry.file()), Stream.of(here))
            .map(folder -> folder.resolve(library).normalize())
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> missing(entry, library));
    return found.startsWith(here) ? here.relativize(found) : found;
  }

  private static Stream<Path> above(Path file) {
    return Stream.iterate(
        file.toAbsolutePath().getParent(), folder -> folder != null, Path::getParent);
  }

  private static UsageError missing(Entry entry, String library) {
    return new UsageError(
        "its target "
            + entry.scenario().target()
            + " is not there: "
            + library
            + "; if it is elsewhere, add: --target PATH/"
            + Path.of(library).getFileName());
  }
}
