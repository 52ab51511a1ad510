package dev.cryofuzz.cli;

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

  /** Why it does not show that title; empty if it does. */
  Optional<String> fault(String program, Title title) {
    return Tried.inFolder(
        folder -> fault(folder, Files.writeString(folder.resolve("x.c"), program), title));
  }

  private Optional<String> fault(Path folder, Path source, Title title) {
    String object = folder.resolve("x.o").toString();
    String program = folder.resolve("x").toString();
    List<String> compile = new ArrayList<>(List.of(compiler));
    compile.addAll(STRICT);
    compile.addAll(List.of("-c", source.toString(), "-o", object));
    return Tried.of(compile)
        .unless(0)
        .or(() -> Tried.of(List.of(compiler, object, "-o", program)).unless(0))
        .or(() -> Tried.of(List.of(program)).unless(1, "FAILED " + title.text() + ": "));
  }
}
