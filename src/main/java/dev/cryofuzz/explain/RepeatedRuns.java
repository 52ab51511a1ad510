package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Explores targets that have to do with processes which nobody controls: a scenario is run in fresh
 * processes until it is decided, or its time is over. There are no schedules to choose.
 */
public final class RepeatedRuns implements Explorer {
  /** Failures that tell how often it fails. */
  private static final long OFTEN = 10;

  /** Why what was not tried by then is undecided. */
  public static final String STOPPED = "it was stopped";

  /** One cause in a thousand may be none. */
  private static final double RISK = 0.001;

  private final Executor executor;
  private final Ration ration;
  private final BooleanSupplier stopped;

  /**
   * What is the same in the end, as the default run and that without its only event, is run once.
   */
  private final Map<Scenario, Exploration> known = new HashMap<>();

  /**
   * @param ration of time
   * @param stopped asked before each run; once true, explorations end, and tell nothing
   */
  public RepeatedRuns(Executor executor, Ration ration, BooleanSupplier stopped) {
    this.executor = executor;
    this.ration = ration;
    this.stopped = stopped;
  }

  @Override
  public void share(int experiments) {
    ration.share(experiments);
  }

  @Override
  public double risk() {
    return RISK;
  }

  @Override
  public long enough(Exploration baseline, long most) {
    return Math.min(most, Odds.needed(baseline, RISK));
  }

  @Override
  public Exploration explore(Experiment experiment, Title title, long runs) {
    return repeat(experiment.near(), title, runs, OFTEN);
  }

  @Override
  public Exploration seek(Experiment experiment, Title title, long runs) {
    return known.computeIfAbsent(explicit(experiment.near()), same -> seek(same, title, runs));
  }

  private Scenario explicit(Scenario scenario) {
    Shape shape = executor.target().shape(scenario.variant(), scenario.memory());
    return scenario.withParams(shape.complete(scenario.params()));
  }

  private Exploration seek(Scenario scenario, Title title, long runs) {
    Exploration seen = repeat(scenario, title, runs, 1);
    return seen.failed() > 0 || seen.runs() >= runs || seen.trouble().isPresent()
        ? seen
        : seen.troubled(tooFew(seen.runs(), runs));
  }

  private String tooFew(long made, long wanted) {
    double seconds = ration.part().toMillis() / 1000.0;
    return String.format(
        Locale.ROOT, "%d of the %d runs that would tell, in %.1f s", made, wanted, seconds);
  }

  @Override
  public List<Place> places(Experiment experiment, Title title) {
    return List.of();
  }

  /** At least once, whatever time is left. */
  private Exploration repeat(Scenario scenario, Title title, long most, long failures) {
    SortedMap<String, Long> titles = new TreeMap<>();
    long made = 0;
    do {
      if (stopped.getAsBoolean()) {
        return Exploration.of(titles, title, made).troubled(STOPPED);
      }
      Run run = executor.run(scenario, RunMode.FRESH);
      if (run.verdict().isTrouble()) {
        return Exploration.of(titles, title, made).troubled(run.verdict().text());
      }
      made++;
      run.verdict().title().ifPresent(t -> titles.merge(t.text(), 1L, Long::sum));
    } while (made < most && titles.getOrDefault(title.text(), 0L) < failures && !ration.isOver());
    return Exploration.of(titles, title, made);
  }
}
