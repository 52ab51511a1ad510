package dev.cryofuzz.cli;

import dev.cryofuzz.export.HandshakeProgram;
import dev.cryofuzz.finding.Title;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an exported program does what it should: builds it and runs it. */
final class ExportTrial {
  private static final List<String> STRICT =
      List.of("-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=thread");

  private final String compiler;

  ExportTrial(String compiler) {
    this.compiler = compiler;
  }

  /** Why it does not show that title, or its control does not pass; empty if all is well. */
  Optional<String> fault(String program, Title title, boolean controlled) {
    return Tried.inFolder(
        folder -> {
          Path source = Files.writeString(folder.resolve("x.c"), program);
          return build(folder, source, program.contains(HandshakeProgram.WIDE))
              .or(() -> shows(folder, title))
              .or(() -> controlled ? passes(folder) : Optional.empty());
        });
  }

  private Optional<String> build(Path folder, Path source, boolean wide) {
    String object = folder.resolve("x.o").toString();
    String program = folder.resolve("x").toString();
    List<String> compile = new ArrayList<>(List.of(compiler));
    compile.addAll(STRICT);
    if (wide) {
      compile.add(HandshakeProgram.WIDE);
    }
    compile.addAll(List.of("-c", source.toString(), "-o", object));
    return Tried.of(compile)
        .unless(0)
        .or(() -> Tried.of(List.of(compiler, object, "-o", program)).unless(0));
  }

  private static Optional<String> shows(Path folder, Title title) {
    return Tried.of(List.of(folder.resolve("x").toString()))
        .unless(1, "FAILED " + title.text() + ": ");
  }

  private static Optional<String> passes(Path folder) {
    return Tried.of(List.of(folder.resolve("x").toString(), "control"))
        .unless(0, "does not fail here")
        .map(said -> "its control fails: " + said);
  }
}
