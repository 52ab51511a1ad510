package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Whether a corpus can be read and run, without running it. */
@Command(
    name = "check",
    description =
        "Check that all scenarios can be read, that their targets know all names in them, and that"
            + " they are written as cryofuzz writes them.")
final class CorpusCheckCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders of scenarios; corpus unless told.")
  private List<Path> paths = List.of(Path.of("corpus"));

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  CorpusCheckCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Loaded loaded = libraries.files(around.bench()).read(paths);
    List<String> errors = new ArrayList<>(loaded.errors());
    for (Entry entry : loaded.entries()) {
      if (!isCanonical(entry)) {
        errors.add(entry.file() + ":1: not as cryofuzz writes it, which is:\n" + text(entry));
      }
    }
    errors.forEach(around.console()::say);
    around.console().remark(loaded.entries().size() + " scenarios, " + errors.size() + " errors");
    return errors.isEmpty() ? ExitCode.CLEAN : ExitCode.USAGE;
  }

  private static boolean isCanonical(Entry entry) {
    try {
      return Arrays.equals(Files.readAllBytes(entry.file()), ScenarioJson.bytes(entry.scenario()));
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(Entry entry) {
    return ScenarioJson.write(entry.scenario()).stripTrailing();
  }
}
