package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.UnwritableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a corpus smaller. */
@Command(
    name = "prune",
    description =
        "Name scenarios that reach nothing that a smaller one does not, and expect no finding; with"
            + " --delete, delete them.")
final class CorpusPruneCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders of scenarios; corpus unless told.")
  private List<Path> paths = List.of(Path.of("corpus"));

  @Option(names = "--delete", description = "Delete them.")
  private boolean delete;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  CorpusPruneCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    Loaded loaded = libraries.files(around.bench()).read(paths);
    loaded.errors().forEach(around.console()::say);
    List<Entry> useless = new ArrayList<>(loaded.entries());
    useless.removeAll(new WorthKeeping(around.bench()).of(loaded.entries()));
    for (Entry entry : useless) {
      around.console().data(entry.file().toString());
      remove(entry.file());
    }
    around
        .console()
        .say(
            useless.size()
                + " of "
                + loaded.entries().size()
                + (delete ? " scenarios deleted" : " scenarios can go; add --delete"));
    return loaded.errors().isEmpty() ? ExitCode.CLEAN : ExitCode.USAGE;
  }

  private void remove(Path file) throws UnwritableFolder {
    if (!delete) {
      return;
    }
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UnwritableFolder(file, e);
    }
  }
}
