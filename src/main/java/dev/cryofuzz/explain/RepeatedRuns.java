package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Explores targets that have to do with processes which nobody controls: a scenario is run so many
 * times in fresh processes. There are no schedules to choose.
 */
public final class RepeatedRuns implements Explorer {
  private final Executor executor;
  private final BooleanSupplier stopped;

  /**
   * @param stopped asked before each run; once true, explorations end, and tell nothing
   */
  public RepeatedRuns(Executor executor, BooleanSupplier stopped) {
    this.executor = executor;
    this.stopped = stopped;
  }

  @Override
  public Exploration explore(Experiment experiment, Title title, long runs) {
    return repeat(experiment, title, runs, false);
  }

  @Override
  public Exploration seek(Experiment experiment, Title title, long runs) {
    return repeat(experiment, title, runs, true);
  }

  @Override
  public List<Place> places(Experiment experiment, Title title) {
    return List.of();
  }

  private Exploration repeat(Experiment experiment, Title title, long times, boolean untilFound) {
    SortedMap<String, Long> titles = new TreeMap<>();
    long made = 0;
    while (made < times && !(untilFound && titles.containsKey(title.text()))) {
      if (stopped.getAsBoolean()) {
        return Exploration.of(titles, title, made).troubled("it was stopped");
      }
      Run run = executor.run(experiment.near(), RunMode.FRESH);
      if (run.verdict() instanceof Verdict.Broken broken) {
        return Exploration.of(titles, title, made).troubled("broken: " + broken.reason());
      }
      if (run.verdict() instanceof Verdict.Unsupported cannot) {
        return Exploration.of(titles, title, made).troubled("can't run here: " + cannot.reason());
      }
      made++;
      run.verdict().title().ifPresent(t -> titles.merge(t.text(), 1L, Long::sum));
    }
    return Exploration.of(titles, title, made);
  }
}
