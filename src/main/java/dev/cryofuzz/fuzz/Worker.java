package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.Shape;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Runs what libFuzzer thinks of. The first failing scenario of each title is put where the parent
 * looks for it, in a form that replays by itself; later ones are only counted.
 */
final class Worker implements AutoCloseable {
  /** A machine that fails so often in a row will not recover; each time costs a new executor. */
  static final int BROKEN_IN_A_ROW = 20;

  private final Executor executor;
  private final Shape shape;
  private final RunMode mode;
  private final ScenarioBytes form;
  private final Outbox outbox;
  private final Tally tally;
  private final Optional<Clerk> clerk;
  private final Bursts bursts;
  private final Set<Title> seen = new HashSet<>();
  private int brokenInARow;
  private long openings;
  private long inputs;
  private boolean opening;

  Worker(
      Executor executor,
      Shape shape,
      RunMode mode,
      Outbox outbox,
      Tally tally,
      Optional<Clerk> clerk,
      Bursts bursts) {
    this.executor = executor;
    this.shape = shape;
    this.mode = mode;
    this.form = new ScenarioBytes(shape);
    this.outbox = outbox;
    this.tally = tally;
    this.clerk = clerk;
    this.bursts = bursts;
  }

  /** libFuzzer begins with so many scenarios that do not hang on the seed. */
  void beginsWith(long scenarios) {
    openings = scenarios;
  }

  /** Gives the title of a finding that is the first of its kind. */
  Optional<Title> run(byte[] bytes) throws UnwritableFolder {
    // Before them it tries whether an empty input makes a crash.
    opening = ++inputs <= openings + 1;
    if (inputs == openings + 2 && !isOver()) {
      survey();
    }
    if (isOver()) {
      return Optional.empty();
    }
    Scenario scenario = form.decode(bytes);
    if (bursts.wanted()) {
      return judged(
          opening
              ? bursts.at(scenario, executor, mode)
              : bursts.around(scenario, executor, mode, tally.of(Tally.Count.RUNS)));
    }
    Run run = clerk.isPresent() ? counted(scenario) : executor.run(scenario, mode);
    tally.count(Tally.Count.RUNS);
    return judged(scenario, run);
  }

  /** It has made all its runs. */
  boolean isOver() {
    return bursts.isOver(tally.of(Tally.Count.RUNS));
  }

  /** What the strategy can do to the default run: says what was covered, if it found nothing. */
  private void survey() throws UnwritableFolder {
    Optional<Burst> burst =
        bursts.survey(shape.defaultRun(), executor, mode, tally.of(Tally.Count.RUNS));
    if (burst.isPresent()) {
      judged(burst.get());
      if (burst.get().verdict() instanceof Verdict.Pass) {
        outbox.covered(bursts.covered(burst.get()));
      }
    }
  }

  private Optional<Title> judged(Burst burst) throws UnwritableFolder {
    tally.count(burst);
    if (burst.verdict() instanceof Verdict.Pass) {
      return Optional.empty();
    }
    if (!isOfItsLastRun(burst.verdict())) {
      return judged(burst.last(), Run.of(burst.verdict()));
    }
    Run again = executor.run(burst.last(), mode);
    if (again.hash() != burst.hash()) {
      broken(burst.last(), "divergence: a run of a burst is another one as a scenario");
      return Optional.empty();
    }
    Optional<Title> title = judged(burst.last(), again);
    title.ifPresent(first -> tally.found(burst.by()));
    return title;
  }

  /** What the kernel has said during a burst no run of it need say again. */
  private static boolean isOfItsLastRun(Verdict verdict) {
    return verdict instanceof Verdict.Found found
        && found.finding().title().kind() != Kind.KERNEL_LOG;
  }

  private Optional<Title> judged(Scenario scenario, Run run) throws UnwritableFolder {
    Verdict verdict = run.verdict();
    if (verdict instanceof Verdict.Found found) {
      return failed(scenario, run, found.finding());
    }
    if (verdict instanceof Verdict.Broken broken) {
      broken(scenario, broken.reason());
    } else {
      passed(verdict);
    }
    return Optional.empty();
  }

  private Run counted(Scenario scenario) {
    TracedRun traced = executor.runTraced(scenario, mode);
    clerk.orElseThrow().count(scenario, traced);
    return traced.run();
  }

  private void passed(Verdict verdict) {
    brokenInARow = 0;
    if (verdict instanceof Verdict.Unsupported) {
      tally.count(Tally.Count.UNSUPPORTED);
    }
  }

  private Optional<Title> failed(Scenario scenario, Run run, Finding finding)
      throws UnwritableFolder {
    brokenInARow = 0;
    tally.count(Tally.Count.FAILED);
    Title title = finding.title();
    if (!seen.add(title)) {
      return Optional.empty();
    }
    Scenario replayable = executor.target().sign(run.pinned(scenario).withExpect(title.text()));
    outbox.found(tally.of(Tally.Count.RUNS), replayable, opening);
    return Optional.of(title);
  }

  private void broken(Scenario scenario, String reason) throws UnwritableFolder {
    tally.count(Tally.Count.BROKEN);
    outbox.broken(tally.of(Tally.Count.RUNS), scenario, reason);
    brokenInARow++;
    if (brokenInARow >= BROKEN_IN_A_ROW) {
      throw new WorkerFailure(reason);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
