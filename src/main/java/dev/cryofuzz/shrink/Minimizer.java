package dev.cryofuzz.shrink;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Takes away from a failing scenario what its failure does not need, until nothing can be taken
 * away any more. Each accepted step is simpler than the one before and fails with the same title.
 */
public final class Minimizer {
  private final Executor executor;
  private final Tries tries;
  private final BooleanSupplier stop;

  private Minimizer(Executor executor, Tries tries, BooleanSupplier stop) {
    this.executor = executor;
    this.tries = tries;
    this.stop = stop;
  }

  public static Minimizer with(Executor executor) {
    return new Minimizer(executor, Tries.ONE, () -> false);
  }

  /** For what does not fail every time: a candidate passes only when it passed so often. */
  public Minimizer trying(Tries so) {
    return new Minimizer(executor, so, stop);
  }

  /** Asked before each candidate; once true, what has been reached so far is the result. */
  public Minimizer until(BooleanSupplier stopped) {
    return new Minimizer(executor, tries, stopped);
  }

  /** Nothing if the scenario does not fail with this title in the first place. */
  public Optional<Minimized> minimize(Scenario scenario, Title title) {
    Trials trials = new Trials(executor, title, tries.times());
    Scenario explicit = scenario.withParams(shape(scenario).complete(scenario.params()));
    return trials.failing(explicit).map(start -> minimize(start, trials));
  }

  private Minimized minimize(Scenario start, Trials trials) {
    List<Pass> passes = passes(start);
    Scenario before;
    Scenario best = start;
    do {
      before = best;
      for (Pass pass : passes) {
        best = simplest(best, pass, trials);
      }
    } while (!before.equals(best) && !stop.getAsBoolean());
    return new Minimized(best, trials.runs(), before.equals(best) && !stop.getAsBoolean());
  }

  private List<Pass> passes(Scenario scenario) {
    Shape shape = shape(scenario);
    return List.of(
        new StrongerMemory(),
        new FewerEvents(),
        new SingleDeletions(),
        new FewerActors(shape),
        new SmallerParams(shape),
        new SimplerEvents());
  }

  private Shape shape(Scenario scenario) {
    return executor.target().shape(scenario.variant(), scenario.memory());
  }

  private Scenario simplest(Scenario start, Pass pass, Trials trials) {
    Scenario best = start;
    Optional<Scenario> next = Optional.of(start);
    while (next.isPresent()) {
      best = next.get();
      next = simpler(best, pass, trials);
    }
    return best;
  }

  private Optional<Scenario> simpler(Scenario best, Pass pass, Trials trials) {
    Iterator<Scenario> candidates = pass.candidates(best).iterator();
    while (candidates.hasNext() && !stop.getAsBoolean()) {
      Optional<Scenario> found =
          trials.failing(candidates.next()).filter(failing -> Simplicity.simpler(failing, best));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
