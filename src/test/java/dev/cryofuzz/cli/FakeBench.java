package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Pace;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** One target, a queue, that behaves by a rule; workers are those of the test. */
final class FakeBench implements Bench {
  private final BiFunction<Scenario, RunMode, Run> rule;
  private final TargetDescription queue;
  private BiFunction<Folder, CampaignPlan, Workers> workers =
      (folder, plan) -> {
        throw new AssertionError("nobody expected a campaign");
      };
  private volatile long nanos;

  FakeBench(BiFunction<Scenario, RunMode, Run> rule) {
    this(rule, Descriptions.QUEUE);
  }

  FakeBench(BiFunction<Scenario, RunMode, Run> rule, TargetDescription queue) {
    this.rule = rule;
    this.queue = queue;
  }

  FakeBench with(BiFunction<Folder, CampaignPlan, Workers> factory) {
    workers = factory;
    return this;
  }

  @Override
  public List<String> targets() {
    return List.of("queue");
  }

  @Override
  public TargetDescription describe(String target) {
    if (!target.equals("queue")) {
      throw new UsageError("unknown target '" + target + "', there are: queue");
    }
    return queue;
  }

  @Override
  public Executor open(String target) {
    return FakeExecutor.of(describe(target), rule);
  }

  @Override
  public Workers workers(Folder folder, CampaignPlan plan) {
    return workers.apply(folder, plan);
  }

  /** Time passes only while somebody waits. */
  @Override
  public Pace pace() {
    return new Pace() {
      @Override
      public long nanos() {
        return nanos;
      }

      @Override
      public void pause(Duration duration) {
        nanos += duration.toNanos();
      }
    };
  }
}
