package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.NativeExecutor;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Pace;
import dev.cryofuzz.fuzz.WorkerProcesses;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.sys.Cpu;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real thing: what is built, run by the native executor. */
final class NativeBench implements Bench {
  private final Targets targets = Targets.here();
  private final CpuLoad load = CpuLoad.begin();
  private final List<Integer> cpus;
  private final Carrier carrier;
  private Integer workerCpu;

  NativeBench() {
    this(Cpu.usable(), Carrier.ANY);
  }

  private NativeBench(List<Integer> cpus, Carrier carrier) {
    this.cpus = List.copyOf(cpus);
    this.carrier = carrier;
  }

  @Override
  public Bench lane(int number) {
    return new NativeBench(List.of(cpus.get(number % cpus.size())), carrier);
  }

  @Override
  public Bench on(Carrier wanted) {
    return new NativeBench(cpus, wanted);
  }

  @Override
  public List<String> targets() {
    return targets.names();
  }

  @Override
  public TargetDescription describe(String target) {
    List<String> known = targets();
    if (!targets.knows(target)) {
      throw new UsageError(
          "unknown target '"
              + target
              + "', there are: "
              + String.join(", ", known)
              + "; one of your own is named by its path: ./NAME.so");
    }
    return targets.describe(target);
  }

  @Override
  public String use(Path library) {
    try {
      return targets.use(library);
    } catch (IllegalArgumentException e) {
      throw new UsageError(e.getMessage());
    }
  }

  /** Workers get a processor of their own where there are two. */
  @Override
  public Executor open(String target) {
    if (carrier == Carrier.NATIVE) {
      return targets.open(target, NativeExecutor.Options.anywhere());
    }
    List<Integer> others = new ArrayList<>(cpus);
    if (others.size() > 1) {
      others.remove(workerCpu());
    }
    return targets.open(target, NativeExecutor.Options.onCpu(others.get(0)).on(carrier));
  }

  @Override
  public Workers workers(Folder folder, CampaignPlan plan) {
    return new WorkerProcesses(folder, plan, workerCpu(), carrier);
  }

  /** The one that had least to do since we started: campaigns may run side by side. */
  private synchronized Integer workerCpu() {
    if (workerCpu == null) {
      workerCpu = load.idlest(cpus);
    }
    return workerCpu;
  }

  @Override
  public Pace pace() {
    return Pace.REAL;
  }
}
