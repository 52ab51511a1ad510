package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.fuzz.CensusFile;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.report.CensusJson;
import dev.cryofuzz.report.CensusTable;
import dev.cryofuzz.trace.Census;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the jobs of a campaign that freeze have counted: told, and saved for people and programs.
 */
final class Censuses {
  private static final String TABLE = "counts.txt";
  private static final String LINES = "counts.jsonl";

  private final Console console;
  private final Folder out;
  private final Folder workspace;

  Censuses(Console console, Folder out, Folder workspace) {
    this.console = console;
    this.out = out;
    this.workspace = workspace;
  }

  void tell(List<Job> jobs) throws UnwritableFolder {
    StringBuilder tables = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    for (Job job : jobs) {
      Optional<Census> census = of(job);
      census.ifPresent(counts -> lines.append(CensusJson.of(job.shape(), counts)));
      census.ifPresent(counts -> add(tables, job, CensusTable.of(job.shape(), counts)));
    }
    if (lines.length() > 0) {
      out.write(TABLE, tables.toString().getBytes(StandardCharsets.UTF_8));
      out.write(LINES, lines.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Steps of a target without marks are lines of its source, too many for a console. */
  private void add(StringBuilder tables, Job job, String table) {
    tables.append(table).append('\n');
    if (job.target().external()) {
      console.remark(table.stripTrailing());
    }
  }

  private Optional<Census> of(Job job) throws UnwritableFolder {
    Path folder = workspace.path().resolve(job.name());
    try {
      return CensusFile.of(folder, job).filter(census -> census.runs() > 0);
    } catch (IOException e) {
      throw new UnwritableFolder(folder, e);
    }
  }
}
