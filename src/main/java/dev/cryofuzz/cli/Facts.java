package dev.cryofuzz.cli;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What can be found out about the machine, for reports and for the doctor. */
final class Facts {
  private static final Duration TOOL_DEADLINE = Duration.ofSeconds(10);
  private static final int VERSION_BYTES = 4096;

  private Facts() {}

  /** What belongs into every finding. */
  static SortedMap<String, String> environment() {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("cryofuzz", Version.text());
    facts.put("kernel", file("/proc/version").orElse(System.getProperty("os.version")));
    facts.put("machine", System.getProperty("os.arch"));
    facts.put("cpu", processor());
    facts.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("java", Runtime.version().toString());
    firstLine("gcc", "--version").ifPresent(version -> facts.put("gcc", version));
    return facts;
  }

  /** What those who maintain the program that a scenario is about ask for, too. */
  static SortedMap<String, String> environment(Scenario scenario) {
    SortedMap<String, String> facts = environment();
    if (isAboutCriu(scenario)) {
      facts.putAll(Criu.facts());
    }
    if (scenario.target().equals("compel")) {
      facts.put("libcompel", Compel.examine("").found());
    }
    return facts;
  }

  static boolean isAboutCriu(Scenario scenario) {
    return scenario.target().matches("(criu|compel).*")
        || scenario.events().stream().anyMatch(e -> e.action() instanceof Action.Checkpoint);
  }

  static Path home() {
    return Path.of(System.getProperty("cryofuzz.home", "."));
  }

  static String processor() {
    return file("/proc/cpuinfo")
        .flatMap(
            text ->
                text.lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst())
        .orElse(System.getProperty("os.arch"));
  }

  static Optional<String> file(String name) {
    try {
      return Optional.of(Files.readString(Path.of(name)).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a program in the PATH says first when it is asked for its version. */
  static Optional<String> firstLine(String program, String option) {
    return inPath(program).flatMap(path -> ask(path, option));
  }

  /** Where a program in the PATH lies; none if there is no such. */
  static Stream<String> path(String program) {
    return inPath(program).map(Path::toString).stream();
  }

  private static Optional<Path> inPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Optional<String> ask(Path program, String option) {
    return says(program, option).lines().filter(line -> !line.isBlank()).findFirst();
  }

  /** What it prints when it is given these arguments. */
  static String says(Path program, String... arguments) {
    try (Capture out = new Capture("version");
        Child child =
            Spawn.command(
                    Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                        .toArray(String[]::new))
                .stdout(out.path())
                .stderr(out.path())
                .start()) {
      child.await(TOOL_DEADLINE);
      return out.tail(VERSION_BYTES).replaceAll("\033\\[[0-9;]*m", "");
    }
  }
}
