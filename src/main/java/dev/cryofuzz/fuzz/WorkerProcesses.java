package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Spawn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Workers as processes, each job in a folder of its own below one folder. */
public final class WorkerProcesses implements Workers {
  private final Folder folder;
  private final CampaignPlan plan;
  private final int cpu;
  private final Carrier carrier;
  private final Map<Job, WorkerRecord> records = new HashMap<>();

  public WorkerProcesses(Folder folder, CampaignPlan plan, int cpu, Carrier carrier) {
    this.folder = folder;
    this.plan = plan;
    this.cpu = cpu;
    this.carrier = carrier;
  }

  @Override
  public WorkerLink start(Job job, long seed, long runs) throws UnwritableFolder {
    WorkerFolder own = WorkerFolder.in(folder.sub(job.name()));
    WorkerConfig config =
        new WorkerConfig(
            job.target().name(),
            job.variant().name(),
            job.memory(),
            own.root().path(),
            seed,
            runs,
            cpu,
            carrier,
            job.target().fibers() ? plan.strategy() : Strategy.NONE,
            plan.feedback(),
            job.extras(),
            plan.structured(),
            job.options());
    own.root().write(WorkerConfig.FILE, config.bytes());
    writeSeeds(job, own);
    WorkerRecord record = record(job, own);
    return new WorkerProcess(spawn(config, own, isBrief(job), record.output()), record);
  }

  private WorkerRecord record(Job job, WorkerFolder own) throws UnwritableFolder {
    WorkerRecord record = records.get(job);
    if (record == null) {
      record = WorkerRecord.open(own);
      records.put(job, record);
    }
    return record;
  }

  /**
   * A planted bug soon ends it; where actors are processes, or runs come in bursts, runs take the
   * time.
   */
  private boolean isBrief(Job job) {
    return job.variant().expect().isPresent()
        || !job.target().fibers()
        || plan.strategy() != Strategy.NONE;
  }

  private static Child spawn(WorkerConfig config, WorkerFolder own, boolean brief, Path output) {
    return Spawn.command(WorkerCommand.of(config, own, brief).toArray(String[]::new))
        .stdout(output)
        .stderr(output)
        .start();
  }

  /** Never nothing: libFuzzer would begin with noise. */
  private void writeSeeds(Job job, WorkerFolder own) throws UnwritableFolder {
    ScenarioBytes form = new ScenarioBytes(job.shape());
    List<Scenario> scenarios = new ArrayList<>(Openings.of(job.shape()));
    plan.seeds().stream().filter(scenario -> fits(scenario, job)).forEach(scenarios::add);
    for (int i = 0; i < scenarios.size(); i++) {
      Scenario scenario = as(scenarios.get(i), job.variant().name(), job.memory());
      own.writeSeed(String.format("%06d", i), form.encode(scenario));
    }
  }

  /**
   * A seed of another variant is as good, as long as this one's target can run it. What is known to
   * fail is worth trying where nothing should fail; where something should, it is to be found.
   */
  private static boolean fits(Scenario scenario, Job job) {
    if (scenario.expect().isPresent() && job.variant().expect().isPresent()) {
      return false;
    }
    if (!job.shape().extras().containsAll(extras(scenario))) {
      return false;
    }
    try {
      job.target().check(as(scenario, job.variant().name(), job.memory()));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Set<ActionType> extras(Scenario scenario) {
    return scenario.events().stream()
        .map(event -> event.action().type())
        .filter(type -> type.family().onRequest())
        .collect(Collectors.toSet());
  }

  private static Scenario as(Scenario scenario, String variant, MemoryModel memory) {
    return scenario.withVariant(variant).withMemory(memory);
  }
}
