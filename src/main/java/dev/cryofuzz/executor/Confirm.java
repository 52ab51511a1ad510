package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;

/** Replays a failing scenario, each time in fresh processes. */
public final class Confirm {
  public static final int TIMES = 10;

  private Confirm() {}

  /** Gives up early only when the harness itself is broken, as repeating that proves nothing. */
  public static Confirmation confirm(
      Executor executor, Scenario scenario, Title title, RunMode mode, int times) {
    List<Run> failures = new ArrayList<>();
    Run last;
    int runs = 0;
    do {
      last = executor.run(scenario, mode.bySite() ? RunMode.FRESH.anchoredBySite() : RunMode.FRESH);
      runs++;
      if (last.failedAs(title)) {
        failures.add(last);
      }
    } while (runs < times && !last.broken());
    long hashes = failures.stream().mapToLong(Run::hash).distinct().count();
    Run shown = failures.isEmpty() ? last : failures.get(0);
    return new Confirmation(failures.size(), runs, hashes == 1, shown);
  }

  public static Confirmation confirm(Executor executor, Scenario scenario, Title title) {
    return confirm(executor, scenario, title, RunMode.FRESH, TIMES);
  }
}
