package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.Stats;
import dev.cryofuzz.report.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A corpus in numbers. */
@Command(name = "stats", description = "Count scenarios and their events.")
final class CorpusStatsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders of scenarios; corpus unless told.")
  private List<Path> paths = List.of(Path.of("corpus"));

  private final Surroundings around;

  CorpusStatsCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Loaded loaded = CorpusReader.read(paths);
    Table table =
        new Table("target", "variant", "scenarios", "regressions", "events", "most", "families");
    for (Stats.Line line : Stats.of(loaded.entries())) {
      table.row(
          line.target(),
          line.variant(),
          line.scenarios(),
          line.regressions(),
          line.events(),
          line.mostEvents(),
          families(line));
    }
    around.console().data(table.text().stripTrailing());
    loaded.errors().forEach(around.console()::say);
    return loaded.errors().isEmpty() ? ExitCode.CLEAN : ExitCode.USAGE;
  }

  private static String families(Stats.Line line) {
    return line.families().entrySet().stream()
        .map(
            family ->
                family.getKey().name().toLowerCase(java.util.Locale.ROOT) + "=" + family.getValue())
        .collect(Collectors.joining(" "));
  }
}
