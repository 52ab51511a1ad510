package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Bundle;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.Reason;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.report.FindingFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs a finding into one file. */
@Command(
    name = "bundle",
    description = {
      "Pack the folder of a finding into one .tar.gz, to be attached to a bug report. The same"
          + " files give the same bytes.",
      "replay, show and the like take it as it is; who unpacks it finds run.sh in it."
    })
final class BundleCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FINDING", description = "The folder of a finding.")
  private Path finding;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The file to write; FINDING.tar.gz unless told.")
  private Optional<Path> out = Optional.empty();

  private final Surroundings around;

  BundleCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    if (!Files.isRegularFile(finding.resolve(FindingFiles.FINDING), LinkOption.NOFOLLOW_LINKS)) {
      throw new UsageError(finding + ": no finding there; type the folder that fuzz has told");
    }
    Path folder = finding.toAbsolutePath().normalize();
    String name = folder.getFileName().toString();
    Path shown = out.orElse(finding.resolveSibling(name + Bundle.ENDING));
    Path file = shown.toAbsolutePath();
    Folder.at(file.getParent()).write(file.getFileName().toString(), pack(folder, name));
    around.console().data(shown.toString());
    return ExitCode.CLEAN;
  }

  private static byte[] pack(Path folder, String name) {
    try {
      List<Path> files = Bundle.files(folder);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Bundle.write(bytes, name, files);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UsageError(folder + ": " + Reason.of(e));
    }
  }
}
