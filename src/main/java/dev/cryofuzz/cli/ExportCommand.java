package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.report.ExportedProgram;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      "Write one C file that shows the failure of a scenario without cryofuzz: the target's source as"
          + " it stands, with what makes the failing run again, step by step; it can also let the"
          + " same code run freely. It is built and run before it is given out.",
      "For targets that are one C file and whose actors share nothing but memory. Exits with 2 if"
          + " that is not so, with 5 if the scenario does not fail, with 3 if what was exported does"
          + " not."
    })
final class ExportCommand implements Callable<Integer> {
  private static final String DRIVER = "/dev/cryofuzz/export/driver.c";

  @Parameters(paramLabel = "FILE|FINDING", description = "The scenario, or a finding.")
  private Path file;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE.c",
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
      return export(entry.scenario(), executor.target(), traced, verdict.found().get());
    }
  }

  private int export(Scenario scenario, TargetDescription target, TracedRun traced, Finding finding)
      throws UnwritableFolder {
    String program =
        ExportedProgram.of(
            parts(scenario, target, traced, finding, source(scenario, traced, finding)));
    Optional<String> compiler = Stream.of("gcc", "clang").flatMap(Facts::path).findFirst();
    if (compiler.isEmpty()) {
      around.console().say("no compiler here: it was not tried");
    } else {
      Optional<String> fault = new ExportTrial(compiler.get()).fault(program, finding.title());
      if (fault.isPresent()) {
        around.console().say("cryofuzz: what was exported does not fail: " + fault.get());
        return ExitCode.FAULT;
      }
    }
    write(program);
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

  /** Throws UsageError with the reason if it can't be exported. */
  private static Path source(Scenario scenario, TracedRun traced, Finding finding) {
    Optional<String> refusal = ExportedProgram.refusal(finding.title(), traced.trace());
    if (refusal.isPresent()) {
      throw new UsageError("can't export " + scenario.target() + ": " + refusal.get());
    }
    String name =
        ExportedProgram.file(traced.trace())
            .filter(file -> file.endsWith(".c"))
            .orElseThrow(
                () -> new UsageError("can't export " + scenario.target() + ": not one C file"));
    return new SourceFiles(Facts.home())
        .locate(name, scenario)
        .orElseThrow(() -> new UsageError("can't export it: " + name + " was not found"));
  }

  private static ExportedProgram.Parts parts(
      Scenario scenario, TargetDescription target, TracedRun traced, Finding finding, Path source) {
    String text = SourceWithHeaders.of(source, scenario.target());
    Map<String, Integer> values =
        target.shape(scenario.variant(), scenario.memory()).complete(scenario.params());
    return new ExportedProgram.Parts(
        finding,
        scenario,
        traced.trace(),
        source.getFileName().toString(),
        text,
        text(Facts.home().resolve("harness/include/cryofuzz.h")),
        driver(),
        target.params().stream().map(param -> values.get(param.param().name())).toList(),
        target.variantIndex(scenario.variant()),
        Targets.SEGMENT_ADDRESS,
        new Sources(Facts.home()).lines(scenario, List.of(traced.trace())));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new HarnessException(file + " can't be read", e);
    }
  }

  private static String driver() {
    try (InputStream stream = ExportCommand.class.getResourceAsStream(DRIVER)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new HarnessException(DRIVER, e);
    }
  }
}
