package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.NativeExecutor;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Pace;
import dev.cryofuzz.fuzz.WorkerProcesses;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.sys.Cpu;
import dev.cryofuzz.target.TargetDescription;
import java.util.List;

/** The real thing: what is built, run by the native executor. */
final class NativeBench implements Bench {
  private final Targets targets = Targets.here();

  @Override
  public List<String> targets() {
    return targets.names();
  }

  @Override
  public TargetDescription describe(String target) {
    List<String> known = targets();
    if (!known.contains(target)) {
      throw new UsageError(
          "unknown target '" + target + "', there are: " + String.join(", ", known));
    }
    return targets.describe(target);
  }

  /** Workers get a processor of their own where there are two. */
  @Override
  public Executor open(String target) {
    List<Integer> cpus = Cpu.usable();
    int cpu = cpus.get((workerCpu(cpus) + 1) % cpus.size());
    return targets.open(target, NativeExecutor.Options.onCpu(cpu));
  }

  @Override
  public Workers workers(Folder folder, CampaignPlan plan) {
    List<Integer> cpus = Cpu.usable();
    return new WorkerProcesses(folder, plan, cpus.get(workerCpu(cpus)));
  }

  /** Campaigns side by side shall not all take the first one. */
  private static int workerCpu(List<Integer> cpus) {
    return (int) (ProcessHandle.current().pid() % cpus.size());
  }

  @Override
  public Pace pace() {
    return Pace.REAL;
  }
}
