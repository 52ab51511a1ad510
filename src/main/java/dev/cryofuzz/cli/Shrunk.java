package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Confirmation;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.report.Minimizing;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.shrink.Minimized;
import dev.cryofuzz.shrink.Minimizer;
import dev.cryofuzz.shrink.Tries;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What is left of a failing scenario, and what that took.
 *
 * @param minimizing empty if it did not fail again, and so is as it was
 */
record Shrunk(Scenario scenario, Optional<Minimizing> minimizing) {
  /**
   * @param confirmed how often the original failed
   * @param hurry once true, what is left by then is it
   */
  static Shrunk from(
      Scenario original,
      Title title,
      Confirmation confirmed,
      Executor executor,
      BooleanSupplier hurry) {
    Tries tries = Tries.of(confirmed.failed(), confirmed.runs(), confirmed.exact());
    long begun = System.nanoTime();
    Optional<Minimized> found =
        Minimizer.with(executor).trying(tries).until(hurry).minimize(original, title);
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return found
        .map(least -> new Shrunk(least.scenario(), Optional.of(told(least, took, tries))))
        .orElse(new Shrunk(original, Optional.empty()));
  }

  private static Minimizing told(Minimized least, long took, Tries tries) {
    return new Minimizing(least.runs(), took, least.complete(), tries.times(), tries.missed());
  }
}
