package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.export.CompelProgram;
import dev.cryofuzz.export.CompelRun;
import dev.cryofuzz.export.CriuRun;
import dev.cryofuzz.export.CriuScript;
import dev.cryofuzz.export.HandshakeProgram;
import dev.cryofuzz.export.HandshakeRun;
import dev.cryofuzz.export.Refusal;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.target.TargetDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A failing run as a program of its own.
 *
 * @param trial with this compiler: why it does not fail as it should
 */
record Exported(String text, Function<String, Optional<String>> trial) {
  private static final String RESOURCES = "/dev/cryofuzz/export/";
  private static final String DAMAGE =
      "its damaged input is made anew in each run, from what criu has just dumped";

  /** Targets of which there is nothing to export, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "perfring",
              "its rings are the kernel's own, and count what happens on processors that cryofuzz"
                  + " moves its actors to",
          "inject", "it is about cryofuzz's own injector, which is not there without cryofuzz",
          "criu-images", DAMAGE,
          "criu-rpc", DAMAGE,
          "criu-pages", DAMAGE);

  /** Throws UsageError with the reason if it can't be had. */
  static Exported of(Scenario scenario, Executor executor, TracedRun traced, Finding finding) {
    TargetDescription target = executor.target();
    try {
      if (REFUSED.containsKey(scenario.target())) {
        throw new Refusal(REFUSED.get(scenario.target()));
      }
      return switch (scenario.target()) {
        case "compel" -> compel(scenario, target, traced, finding);
        case "criu" -> criu(scenario, target, traced, finding);
        default -> handshake(scenario, executor, traced, finding);
      };
    } catch (Refusal refusal) {
      throw new UsageError(
          "can't export "
              + scenario.target()
              + ": "
              + refusal.getMessage()
              + "; send the scenario, or what ./cryofuzz bundle makes of a finding: both replay");
    }
  }

  private static Exported compel(
      Scenario scenario, TargetDescription target, TracedRun traced, Finding finding) {
    Shape shape = target.shape(scenario.variant(), scenario.memory());
    CompelRun run =
        new CompelRun(
            finding,
            scenario,
            target.variant(scenario.variant()).what(),
            traced.trace(),
            shape.complete(scenario.params()),
            shape.complete(new TreeMap<>()));
    String text = CompelProgram.of(run, name -> resource("compel/" + name));
    return new Exported(
        text,
        compiler ->
            new CompelTrial(
                    Compel.used().orElseThrow(() -> new UsageError("there is no libcompel")),
                    compiler)
                .fault(text, finding.title()));
  }

  private static Exported criu(
      Scenario scenario, TargetDescription target, TracedRun traced, Finding finding) {
    CriuRun run =
        new CriuRun(
            finding,
            scenario,
            target.variant(scenario.variant()).what(),
            traced.evidence(),
            target.shape(scenario.variant(), scenario.memory()).complete(scenario.params()));
    Path tree = Facts.home().resolve("harness/freezer/criu");
    String text = CriuScript.of(run, files(tree), name -> resource("criu/" + name));
    return new Exported(
        text, compiler -> new CriuTrial(Criu.program(), compiler).fault(text, finding.title()));
  }

  private static Exported handshake(
      Scenario scenario, Executor executor, TracedRun traced, Finding finding) {
    HandshakeRun run = new PlayedHandshake(scenario, executor).of(traced.trace(), finding);
    String text = HandshakeProgram.of(run, Exported::resource);
    return new Exported(
        text,
        compiler ->
            new ExportTrial(compiler).fault(text, finding.title(), run.control().isPresent()));
  }

  private static Map<String, String> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .collect(Collectors.toMap(path -> folder.relativize(path).toString(), Exported::file));
    } catch (IOException e) {
      throw new HarnessException(folder + " can't be read", e);
    }
  }

  static String file(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new HarnessException(path + " can't be read", e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = Exported.class.getResourceAsStream(RESOURCES + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new HarnessException(name, e);
    }
  }
}
