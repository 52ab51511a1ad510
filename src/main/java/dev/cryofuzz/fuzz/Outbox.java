package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.nio.charset.StandardCharsets;

/**
 * Where a worker leaves what the parent should know. Names carry when it happened, so their order
 * is that of the runs.
 */
final class Outbox {
  private static final int BROKEN_KEPT = 8;

  private final WorkerFolder folder;
  private final long startNanos;
  private int brokenKept;

  Outbox(WorkerFolder folder, long startNanos) {
    this.folder = folder;
    this.startNanos = startNanos;
  }

  void found(long run, Scenario scenario, boolean opening) throws UnwritableFolder {
    long milliseconds = (System.nanoTime() - startNanos) / 1_000_000;
    try {
      folder.found().write(Sighting.name(run, milliseconds, opening), ScenarioJson.bytes(scenario));
    } catch (UnwritableFolder e) {
      throw new WorkerFailure(
          e.getMessage() + "; save this yourself:\n" + ScenarioJson.write(scenario));
    }
  }

  /** What is known to pass, "" if nothing is. */
  void covered(String what) throws UnwritableFolder {
    folder.root().write(WorkerFolder.COVERED, what.getBytes(StandardCharsets.UTF_8));
  }

  /** The first few, with the reason beside the scenario: enough to see what they share. */
  void broken(long run, Scenario scenario, String reason) throws UnwritableFolder {
    if (brokenKept == BROKEN_KEPT) {
      return;
    }
    brokenKept++;
    String name = "broken-" + run;
    folder.root().write(name + ".json", ScenarioJson.bytes(scenario));
    folder.root().write(name + ".txt", reason.getBytes(StandardCharsets.UTF_8));
  }
}
