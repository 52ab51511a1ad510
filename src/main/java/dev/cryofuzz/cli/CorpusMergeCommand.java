package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusFolder;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.UnwritableFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings several corpora into one. */
@Command(
    name = "merge",
    description =
        "Copy into a folder what reaches something that no smaller scenario does, and every"
            + " scenario that expects a finding.")
final class CorpusMergeCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of scenarios.")
  private List<Path> paths;

  @Option(names = "--into", required = true, paramLabel = "DIR", description = "Where to.")
  private Path into;

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  CorpusMergeCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    Loaded loaded = libraries.files(around.bench()).read(paths);
    loaded.errors().forEach(around.console()::say);
    List<Entry> kept = new WorthKeeping(around.bench()).of(loaded.entries());
    CorpusFolder corpus = new CorpusFolder(Folder.at(into));
    for (Entry entry : kept) {
      corpus.store(entry.scenario());
    }
    around.console().data(kept.size() + " of " + loaded.entries().size() + " scenarios kept");
    return loaded.errors().isEmpty() ? ExitCode.CLEAN : ExitCode.USAGE;
  }
}
