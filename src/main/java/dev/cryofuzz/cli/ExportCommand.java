package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a failure as a program that needs nothing of cryofuzz. */
@Command(
    name = "export",
    description = {
      "Write one file that shows the failure of a scenario without cryofuzz. It is tried before it is"
          + " given out, with a control that must not fail where it has one.",
      "Of a target in C whose actors share memory, messages, pthread objects, children and signals: its"
          + " source as it stands, with what makes the failing run again, step by step; it can also let the same"
          + " code run freely. Of compel: a driver of libcompel in C, with the commands that build"
          + " it in its head. Of criu: a shell script that makes the tree and calls criu. Exits with"
          + " 2 if there is no such program, and says why; with 5 if the scenario does not fail,"
          + " with 3 if what was exported does not."
    })
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE|FINDING", description = "The scenario, or a finding.")
  private Path file;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "The file to write; standard output unless told.")
  private Optional<Path> out = Optional.empty();

  @Mixin private LibraryOption libraries;

  private final Surroundings around;

  ExportCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws UnwritableFolder {
    Entry entry = libraries.files(around.bench()).readOne(file);
    try (Executor executor = around.bench().open(entry.scenario().target())) {
      TracedRun traced =
          executor.runTraced(entry.scenario(), Replay.mode(entry.scenario(), executor));
      Verdict verdict = traced.run().verdict();
      if (verdict instanceof Verdict.Broken broken) {
        around.console().say("cryofuzz: broken: " + broken.reason() + "; type: ./cryofuzz doctor");
        return ExitCode.FAULT;
      }
      if (verdict instanceof Verdict.Unsupported cannot) {
        around.console().say("cryofuzz: can't run here: " + cannot.reason());
        return ExitCode.NOTHING_COULD_RUN;
      }
      if (verdict.found().isEmpty()) {
        around.console().say("does not fail, type: ./cryofuzz show " + file);
        return ExitCode.NOT_REPRODUCED;
      }
      return export(Exported.of(entry.scenario(), executor, traced, verdict.found().get()));
    }
  }

  private int export(Exported exported) throws UnwritableFolder {
    Optional<String> compiler = Stream.of("gcc", "clang").flatMap(Facts::path).findFirst();
    if (compiler.isEmpty()) {
      around.console().talk("no compiler here: it was not tried");
    } else {
      around.console().why(() -> "built and tried with " + compiler.get());
      Optional<String> fault = exported.trial().apply(compiler.get());
      if (fault.isPresent()) {
        around.console().say("cryofuzz: what was exported does not fail: " + fault.get());
        return ExitCode.FAULT;
      }
    }
    write(exported.text());
    return ExitCode.CLEAN;
  }

  private void write(String program) throws UnwritableFolder {
    if (out.isEmpty()) {
      around.console().data(program.stripTrailing());
      return;
    }
    Path path = out.get().toAbsolutePath();
    Folder.at(path.getParent())
        .write(path.getFileName().toString(), program.getBytes(StandardCharsets.UTF_8));
    around.console().data(out.get().toString());
  }
}
