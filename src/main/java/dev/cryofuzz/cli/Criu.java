package dev.cryofuzz.cli;

import dev.cryofuzz.sys.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which criu is used: the user's own, or the one that ci/setup has installed. */
final class Criu {
  /** Where the harness looks for it: targets/criu/criu.c. */
  private static final String VARIABLE = "CRYOFUZZ_CRIU";

  private static final String DEFAULT_RELEASE = "trixie";
  private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");

  private Criu() {}

  static void choose(Path program) {
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw new UsageError("--criu " + program + ": expected a program that can be executed");
    }
    if (version(program).isEmpty()) {
      throw new UsageError(
          "--criu " + program + ": asked for its --version it names none; expected a criu");
    }
    Spawn.export(VARIABLE, program.toAbsolutePath().toString());
  }

  static Symptom examine(String setup) {
    Path program = program();
    if (!Files.isExecutable(program)) {
      return Symptom.lacking("criu", "not there", setup);
    }
    String what = version(program).orElse("without a version") + ", " + program;
    String verdict = Facts.says(program, "check").strip();
    return verdict.contains("Looks good")
        ? Symptom.fine("criu", what + ", criu check: Looks good")
        : Symptom.lacking("criu", what + ", criu check: " + firstLine(verdict), program + " check");
  }

  /** What its issue template asks for; empty if it is not there. */
  static Map<String, String> facts() {
    Path program = program();
    return Files.isExecutable(program)
        ? Map.of(
            "criu --version", Facts.says(program, "--version"),
            "criu check --all", Facts.says(program, "check", "--all"))
        : Map.of();
  }

  static Path program() {
    String release =
        Optional.ofNullable(System.getenv("CRYOFUZZ_CRIU_RELEASE")).orElse(DEFAULT_RELEASE);
    return Spawn.exported(VARIABLE)
        .map(Path::of)
        .orElse(Facts.home().resolve(".cryofuzz/criu/" + release + "/bin/criu"));
  }

  private static Optional<String> version(Path program) {
    Matcher matcher = VERSION.matcher(Facts.says(program, "--version"));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("it says nothing");
  }
}
