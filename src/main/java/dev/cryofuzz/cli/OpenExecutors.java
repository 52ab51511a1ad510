package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import java.util.HashMap;
import java.util.Map;

/** One executor for each target that is asked for, kept until all is done. For one thread. */
final class OpenExecutors implements AutoCloseable {
  private final Bench bench;
  private final Map<String, Executor> open = new HashMap<>();

  OpenExecutors(Bench bench) {
    this.bench = bench;
  }

  Executor of(String target) {
    Executor known = open.get(target);
    if (known == null) {
      known = bench.open(target);
      open.put(target, known);
    }
    return known;
  }

  @Override
  public void close() {
    open.values().forEach(Executor::close);
    open.clear();
  }
}
