package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.report.Control;
import dev.cryofuzz.report.SideBySide;
import dev.cryofuzz.report.Table;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A failing run with one that passes beside it, for targets whose runs nobody controls: where they
 * part is no question of a schedule.
 *
 * @param without what the passing one is without, as in "the events"
 */
record Beside(Trace failing, String without, List<SideBySide.Row> rows) {
  /** Runs until there is one that fails, and as many until one passes. */
  private static final int TRIES = 5;

  static Optional<Beside> of(Executor executor, Scenario scenario, Title title) {
    if (!executor.target().external()) {
      return Optional.empty();
    }
    Map<String, Integer> defaults =
        executor.target().shape(scenario.variant(), scenario.memory()).complete(Map.of());
    return Control.plan(scenario, defaults).flatMap(plan -> of(executor, scenario, title, plan));
  }

  private static Optional<Beside> of(
      Executor executor, Scenario scenario, Title title, Control.Plan plan) {
    Optional<Trace> failing = first(executor, scenario, Optional.of(title));
    Optional<Trace> passing = first(executor, plan.scenario(), Optional.empty());
    return failing.flatMap(
        one ->
            passing.map(
                other -> new Beside(one, plan.without(), SideBySide.of(one, scenario, other))));
  }

  private static Optional<Trace> first(Executor executor, Scenario scenario, Optional<Title> end) {
    for (int i = 0; i < TRIES; i++) {
      TracedRun traced = executor.runTraced(scenario, RunMode.FRESH);
      if (end.isEmpty() ? traced.run().passed() : traced.run().failedAs(end.get())) {
        return Optional.of(traced.trace());
      }
    }
    return Optional.empty();
  }

  String text() {
    Table table = new Table("", "stage", "this run", "without " + without);
    for (SideBySide.Row row : rows) {
      String beside = row.differs() ? row.beside() : "the same";
      table.row(row.differs() ? "*" : "", row.stage(), reached(row.here()), reached(beside));
    }
    return "stage by stage\n" + table.text();
  }

  private static String reached(String done) {
    return done.equals(SideBySide.NONE) ? "not reached" : done;
  }
}
