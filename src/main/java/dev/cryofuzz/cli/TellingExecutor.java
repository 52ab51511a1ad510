package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Circumstances;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Scheduling;

/** An executor that tells with -v what it is asked to run, and what came of it. */
record TellingExecutor(Executor executor, Console console) implements Executor {
  @Override
  public Run run(Scenario scenario, RunMode mode) {
    Run run = executor.run(scenario, mode);
    console.why(() -> told("run", scenario, mode) + ": " + run.verdict().text());
    return run;
  }

  @Override
  public TracedRun runTraced(Scenario scenario, RunMode mode) {
    TracedRun traced = executor.runTraced(scenario, mode);
    console.why(() -> told("traced run", scenario, mode) + ": " + traced.run().verdict().text());
    return traced;
  }

  @Override
  public Burst explore(
      Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
    console.why(() -> told("explore by " + strategy.text(), scenario, mode));
    return executor.explore(scenario, mode, strategy, seed, budget);
  }

  @Override
  public Outcomes collect(
      Scenario scenario,
      Circumstances circumstances,
      Strategy strategy,
      long seed,
      int budget,
      boolean on) {
    console.why(
        () ->
            told("up to " + budget + " runs by " + strategy.text(), scenario, RunMode.KEPT)
                + (on ? ", further ones" : "")
                + (circumstances.equals(Circumstances.USUAL) ? "" : ", " + circumstances));
    return executor.collect(scenario, circumstances, strategy, seed, budget, on);
  }

  @Override
  public Outcomes runNatively(Scenario scenario, RunMode mode, long seed, int runs, boolean on) {
    console.why(() -> told(runs + " uncontrolled runs", scenario, mode));
    return executor.runNatively(scenario, mode, seed, runs, on);
  }

  @Override
  public Scheduling scheduling(Scenario scenario) {
    return executor.scheduling(scenario);
  }

  @Override
  public String outcome() {
    return executor.outcome();
  }

  @Override
  public TargetDescription target() {
    return executor.target();
  }

  @Override
  public byte[] takeFeedback() {
    return executor.takeFeedback();
  }

  @Override
  public void close() {
    executor.close();
  }

  private static String told(String what, Scenario scenario, RunMode mode) {
    StringBuilder text = new StringBuilder("  ").append(what);
    text.append(mode.fresh() ? " in fresh processes: " : ": ").append(Sentences.of(scenario));
    for (Event event : scenario.events()) {
      text.append("; ").append(Sentences.of(event));
    }
    return text.toString();
  }
}
