package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;

/** Of the queue, and asked for nothing but bursts. */
interface OnlyBursts extends Executor {
  @Override
  default Run run(Scenario scenario, RunMode mode) {
    throw new AssertionError("not asked for");
  }

  @Override
  default TracedRun runTraced(Scenario scenario, RunMode mode) {
    throw new AssertionError("not asked for");
  }

  @Override
  default TargetDescription target() {
    return Descriptions.QUEUE;
  }

  @Override
  default void close() {}
}
