package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.explain.ControlledRuns;
import dev.cryofuzz.explain.Explainer;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Explorer;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Ration;
import dev.cryofuzz.explain.RepeatedRuns;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How an explanation is had: in this time, from this seed, until it is stopped. */
record Explaining(
    Duration budget, long seed, BooleanSupplier stopped, Consumer<Intervention> progress) {
  /** Of what nobody controls, where most is decided sooner: what is rarer is not explained. */
  private static final long REPEATED = 200;

  /** Times as many points as a passing run has. */
  private static final int USUALLY = 4;

  /** Times the budget. */
  private static final long PATIENCE = 3;

  /** Whether a thousand runs of it take no second. */
  static boolean isQuick(Scenario scenario, Executor executor) {
    return executor.target().fibers() && frozen(scenario).isEmpty();
  }

  /**
   * @param run of the scenario, which failed so
   */
  Explained explain(Executor executor, Scenario scenario, Title title, Run run) {
    Scenario unfrozen = unfrozen(scenario);
    boolean needless =
        !unfrozen.equals(scenario) && executor.run(unfrozen, RunMode.KEPT).failedAs(title);
    return explainAsItIs(executor, needless ? unfrozen : scenario, title, run)
        .with(needless ? frozen(scenario) : List.of());
  }

  /** A run with a freeze costs as much as thousands without: it has to be needed. */
  private static Scenario unfrozen(Scenario scenario) {
    List<Event> others = new ArrayList<>(scenario.events());
    others.removeAll(frozen(scenario));
    return scenario.withEvents(others);
  }

  private static List<Event> frozen(Scenario scenario) {
    return scenario.events().stream()
        .filter(event -> event.action().family() == Family.FREEZE)
        .toList();
  }

  private long most(Executor executor, Scenario scenario, int points) {
    return ExplainBudget.runs(budget, points, scenario, executor.target().fibers());
  }

  /** What hangs makes points until it may make no more; most runs around it don't. */
  private static int points(Executor executor, Scenario scenario, Run run) {
    Run bare = executor.run(scenario.withEvents(List.of()), RunMode.KEPT);
    return Math.min(run.points(), USUALLY * Math.max(1, bare.points()));
  }

  /** Where each run makes processes, how long that takes is the machine's. */
  private Supplier<Optional<String>> ended(boolean fibers) {
    long end = System.nanoTime() + PATIENCE * budget.toNanos();
    return () ->
        stopped.getAsBoolean()
            ? Optional.of(RepeatedRuns.STOPPED)
            : !fibers && System.nanoTime() > end
                ? Optional.of("its time was up")
                : Optional.empty();
  }

  private Explained explainAsItIs(Executor executor, Scenario scenario, Title title, Run run) {
    boolean external = executor.target().external();
    Explorer explorer =
        external
            ? new RepeatedRuns(executor, new Ration(budget, System::nanoTime), stopped)
            : new ControlledRuns(executor, seed, ended(executor.target().fibers()));
    long most = external ? REPEATED : most(executor, scenario, points(executor, scenario, run));
    Shape shape = executor.target().shape(scenario.variant(), scenario.memory());
    Explanation explanation =
        new Explainer(explorer, most, progress)
            .explain(scenario, title, shape, executor.target().loads());
    Optional<Beside> beside =
        stopped.getAsBoolean() ? Optional.empty() : Beside.of(executor, scenario, title);
    return new Explained(explanation, executor.target(), run, beside, List.of());
  }
}
