package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Translates libFuzzer's corpus of a job back to scenarios that people can read: without events
 * that changed nothing, and each of the others where it took effect. libFuzzer has kept only what
 * reaches something of its own. Failing ones are left out, for they are findings.
 */
public final class Harvest {
  private final Executor executor;
  private final ScenarioBytes form;

  public Harvest(Executor executor, Job job) {
    this.executor = executor;
    this.form = new ScenarioBytes(job.shape());
  }

  public Set<Scenario> of(Path bytes) {
    Set<Scenario> scenarios = new LinkedHashSet<>();
    for (Path file : files(bytes)) {
      try {
        add(form.decode(Files.readAllBytes(file)), scenarios);
      } catch (IOException e) {
        // One that cannot be read is one less to begin with next time.
        continue;
      }
    }
    return scenarios;
  }

  private void add(Scenario scenario, Set<Scenario> scenarios) {
    Run run = executor.run(scenario, RunMode.KEPT);
    if (run.passed()) {
      scenarios.add(executor.target().sign(run.effective(scenario)));
    }
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      return new ArrayList<>();
    }
  }
}
