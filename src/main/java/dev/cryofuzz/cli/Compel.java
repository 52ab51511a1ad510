package dev.cryofuzz.cli;

import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which libcompel is used: one of those that ci/setup-compel has installed, or the user's own. Each
 * has a driver, in which it is linked with its own parasite.
 */
final class Compel {
  /** Where the harness looks for the driver: targets/compel/compel.c. */
  private static final String VARIABLE = "CRYOFUZZ_COMPEL";

  private static final Duration BUILD_DEADLINE = Duration.ofMinutes(5);
  private static final int SHOWN_BYTES = 1000;
  private static final String PACKAGE = "libcompel-dev ";

  private static Optional<Path> chosen = Optional.empty();

  private Compel() {}

  /** The folder of the one that is used; empty if there is none. */
  static Optional<Path> used() {
    return chosen.or(
        () ->
            Optional.of(releases().resolve("trixie"))
                .filter(prefix -> Files.isExecutable(prefix.resolve("bin/compel"))));
  }

  /** Builds the driver of this one, if that is new, and uses it. */
  static void choose(Path prefix) {
    if (!Files.isExecutable(prefix.resolve("bin/compel"))) {
      throw new UsageError(
          "--compel "
              + prefix
              + ": expected a folder with bin/compel, as ci/setup-compel makes or make install");
    }
    Path absolute = prefix.toAbsolutePath().normalize();
    Path driver = driver(absolute);
    build(absolute, driver);
    Spawn.export(VARIABLE, driver.toString());
    chosen = Optional.of(absolute);
  }

  static Symptom examine(String setup) {
    List<Path> prefixes = installed();
    if (prefixes.isEmpty()) {
      return Symptom.lacking("libcompel", "not there", setup + " && ./cryofuzz build");
    }
    String chosen = Spawn.exported(VARIABLE).map(path -> ", used: " + path).orElse("");
    return Symptom.fine(
        "libcompel",
        prefixes.stream().map(Compel::words).collect(Collectors.joining(", ")) + chosen);
  }

  private static String words(Path prefix) {
    return version(prefix).orElse("?")
        + " of "
        + prefix.getFileName()
        + (Files.exists(driver(prefix)) ? "" : " (without a driver: ./cryofuzz build)");
  }

  private static Optional<String> version(Path prefix) {
    return Facts.file(prefix.resolve("packages").toString())
        .flatMap(text -> text.lines().filter(line -> line.startsWith(PACKAGE)).findFirst())
        .map(line -> line.substring(PACKAGE.length()));
  }

  private static Path releases() {
    return Facts.home().resolve(".cryofuzz/criu").toAbsolutePath().normalize();
  }

  private static List<Path> installed() {
    try (Stream<Path> entries = Files.list(releases())) {
      return entries
          .filter(entry -> Files.isExecutable(entry.resolve("bin/compel")))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** As targets/compel/compel.mk names it. */
  private static Path driver(Path prefix) {
    String folder =
        releases().equals(prefix.getParent())
            ? prefix.getFileName().toString()
            : prefix.toString().replace('/', '-');
    return harness().resolve("build/compel").resolve(folder).resolve("driver.so");
  }

  private static Path harness() {
    return Facts.home().resolve("harness").toAbsolutePath().normalize();
  }

  /** Others may be building, too. */
  private static void build(Path prefix, Path driver) {
    String lock = Facts.home().resolve(".cryofuzz/build.lock").toString();
    try (Capture out = new Capture("build");
        Child make =
            Spawn.command(
                    "/usr/bin/env",
                    "flock",
                    lock,
                    "make",
                    "-s",
                    "-C",
                    harness().toString(),
                    driver.toString(),
                    "COMPEL_PREFIX=" + prefix)
                .stdout(out.path())
                .stderr(out.path())
                .start()) {
      if (!make.await(BUILD_DEADLINE).map(Exit::clean).orElse(false)) {
        throw new UsageError(
            "--compel "
                + prefix
                + ": cannot build its driver: "
                + out.tail(SHOWN_BYTES).strip().replace('\n', ' '));
      }
    }
  }
}
