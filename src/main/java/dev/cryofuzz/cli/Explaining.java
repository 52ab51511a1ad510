package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.explain.ControlledRuns;
import dev.cryofuzz.explain.Explainer;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Explorer;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Ration;
import dev.cryofuzz.explain.RepeatedRuns;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** How an explanation is had: in this time, from this seed, until it is stopped. */
record Explaining(
    Duration budget, long seed, BooleanSupplier stopped, Consumer<Intervention> progress) {
  /** Of what nobody controls, where most is decided sooner: what is rarer is not explained. */
  private static final long REPEATED = 200;

  /** Whether a thousand runs of it take no second. */
  static boolean isQuick(Scenario scenario, Executor executor) {
    return executor.target().fibers()
        && scenario.events().stream().noneMatch(e -> e.action().family() == Family.FREEZE);
  }

  /**
   * @param run of the scenario, which failed so
   */
  Explained explain(Executor executor, Scenario scenario, Title title, Run run) {
    boolean external = executor.target().external();
    Explorer explorer =
        external
            ? new RepeatedRuns(executor, new Ration(budget, System::nanoTime), stopped)
            : new ControlledRuns(executor, seed, stopped);
    long most = external ? REPEATED : ExplainBudget.runs(budget, run.points(), scenario);
    Shape shape = executor.target().shape(scenario.variant(), scenario.memory());
    Explanation explanation =
        new Explainer(explorer, most, progress)
            .explain(scenario, title, shape, executor.target().loads());
    Optional<Beside> beside =
        stopped.getAsBoolean() ? Optional.empty() : Beside.of(executor, scenario, title);
    return new Explained(explanation, executor.target(), run, beside);
  }
}
