package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.report.Trial;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Attempts all variants of the targets, several at a time if there are lanes for them, in a folder
 * that is removed at the end.
 */
final class Selftest implements AutoCloseable {
  private final Surroundings around;
  private final Duration time;
  private final Workspace workspace;
  private final BlockingQueue<Bench> free = new LinkedBlockingQueue<>();
  private final Queue<Runnable> stops = new ConcurrentLinkedQueue<>();
  private final ExecutorService threads;

  /**
   * @param lanes so many attempts at a time, each with a processor of its own
   */
  Selftest(Surroundings around, Duration time, int lanes) throws UnwritableFolder {
    this.around = around;
    this.time = time;
    this.workspace = Workspace.in(temporary());
    this.threads = Executors.newFixedThreadPool(lanes, task -> new Thread(task, "attempts"));
    for (int lane = 0; lane < lanes; lane++) {
      free.add(lanes == 1 ? around.bench() : around.bench().lane(lane));
    }
    around.stop().onStop(() -> stops.forEach(Runnable::run));
  }

  private static Folder temporary() throws UnwritableFolder {
    try {
      return Folder.at(Files.createTempDirectory("cryofuzz-selftest"));
    } catch (IOException e) {
      throw new UnwritableFolder(java.nio.file.Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  /** In the order of the targets and their variants; without those that a stop has cut short. */
  List<Trial> run(List<TargetDescription> targets, long seed) throws UnwritableFolder {
    Folder folder = workspace.folder().sub("seed-" + seed);
    List<Future<Optional<Trial>>> trials = new ArrayList<>();
    for (TargetDescription target : targets) {
      for (Variant variant : target.variants()) {
        Job job =
            new Job(target, variant, memory(variant), faults(target, variant), options(variant));
        trials.add(threads.submit(() -> attempt(job, folder, seed)));
      }
    }
    List<Trial> done = new ArrayList<>();
    for (Future<Optional<Trial>> trial : trials) {
      result(trial).ifPresent(done::add);
    }
    around.console().eraseStatus();
    return done;
  }

  private Optional<Trial> attempt(Job job, Folder folder, long seed)
      throws UnwritableFolder, InterruptedException {
    if (around.stop().isAsked()) {
      return Optional.empty();
    }
    Bench bench = free.take();
    try {
      Attempt attempt = new Attempt(bench, job, time, new StatusLine(around.console()));
      return Optional.of(attempt.run(folder, seed, this::onStop)).filter(this::isToTheEnd);
    } finally {
      free.add(bench);
    }
  }

  /** What was stopped before it found anything says nothing. */
  private boolean isToTheEnd(Trial trial) {
    return !around.stop().isAsked() || trial.found().isPresent();
  }

  private void onStop(Runnable action) {
    stops.add(action);
    if (around.stop().isAsked()) {
      action.run();
    }
  }

  private static Optional<Trial> result(Future<Optional<Trial>> trial) throws UnwritableFolder {
    try {
      return trial.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnwritableFolder unwritable) {
        throw unwritable;
      }
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Where they are what a planted bug needs, or what a good variant promises to survive. */
  private static Set<ActionType> faults(TargetDescription target, Variant variant) {
    boolean wanted = variant.isGood() ? target.survives() : variant.faults();
    return wanted ? ActionType.of(Family.FAULT) : Set.of();
  }

  /** A data race is seen only where races are looked for; good variants must have none. */
  private static Set<RunOption> options(Variant variant) {
    String race = Kind.DATA_RACE.text();
    boolean wanted = variant.expect().map(title -> title.startsWith(race)).orElse(true);
    return wanted ? Set.of(RunOption.RACES) : Set.of();
  }

  /** A bad variant under the strongest model that shows it, a good one under the weakest. */
  private static MemoryModel memory(Variant variant) {
    return variant.isGood() ? MemoryModel.WEAK_EARLY : variant.memory();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    workspace.removeWithOut();
  }
}
