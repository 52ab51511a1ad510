package dev.cryofuzz.cli;

import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the sources lie whose names stand in traces. Forges want them as seen from the root of what
 * is checked out: the working folder for a target of the user's, else that of cryofuzz.
 */
final class SourceFiles {
  private static final Path TARGETS = Path.of("harness", "targets");

  private final Path home;
  private List<Path> own;

  SourceFiles(Path home) {
    this.home = home.toAbsolutePath().normalize();
  }

  /** Its path; of several of that name the target's own. */
  Optional<String> find(String name, Scenario scenario) {
    return scenario.library().isPresent()
        ? beside(Path.of(scenario.library().get()), name)
        : amongOwn(name, scenario.target());
  }

  /** The file itself, wherever one stands. */
  Optional<Path> locate(String name, Scenario scenario) {
    return scenario.library().isPresent()
        ? Optional.of(Path.of(scenario.library().get()).resolveSibling(name))
            .filter(Files::isRegularFile)
        : amongOwn(name, scenario.target()).map(home::resolve);
  }

  private static Optional<String> beside(Path library, String name) {
    Path file = library.toAbsolutePath().normalize().resolveSibling(name);
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) && Files.isRegularFile(file)
        ? Optional.of(here.relativize(file).toString())
        : Optional.empty();
  }

  private Optional<String> amongOwn(String name, String target) {
    List<Path> named = own().stream().filter(file -> file.endsWith(name)).toList();
    return Stream.of(TARGETS.resolve(target), TARGETS)
        .flatMap(folder -> named.stream().filter(file -> folder.equals(file.getParent())))
        .findFirst()
        .or(() -> named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty())
        .map(Path::toString);
  }

  private List<Path> own() {
    if (own == null) {
      own = list();
    }
    return own;
  }

  private List<Path> list() {
    Path built = home.resolve("harness/build");
    try (Stream<Path> files = Files.walk(home.resolve("harness"))) {
      return files
          .filter(file -> !file.startsWith(built))
          .filter(file -> file.toString().matches(".*\\.(c|h|cc)"))
          .map(home::relativize)
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
