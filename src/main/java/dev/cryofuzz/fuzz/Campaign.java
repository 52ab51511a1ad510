package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.UnwritableFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives each job its share of the time, one after the other, and tells the watcher what happens.
 * With a time limit each job has one turn; without any, jobs take turns until somebody stops it.
 */
public final class Campaign {
  /** A turn costs a second for starting its worker. */
  private static final Duration TURN = Duration.ofMinutes(1);

  /** However many jobs share the time, each has so much. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  /** Starting takes one or two seconds, more on a machine with other things to do. */
  private static final Duration TIME_TO_START = Duration.ofSeconds(60);

  private static final Duration TICK = Duration.ofMillis(100);
  private static final int DEATHS_FORGIVEN = 3;
  private static final String NO_RUN = "no run within " + TIME_TO_START.toSeconds() + " s";

  private final CampaignPlan plan;
  private final Workers workers;
  private final CampaignWatcher watcher;
  private final Pace pace;
  private final Map<Job, Progress> progress = new LinkedHashMap<>();
  private volatile boolean stopped;
  private long startNanos;

  public Campaign(CampaignPlan plan, Workers workers, CampaignWatcher watcher, Pace pace) {
    this.plan = plan;
    this.workers = workers;
    this.watcher = watcher;
    this.pace = pace;
  }

  /** Ends it soon; may be called from any thread. */
  public void stop() {
    stopped = true;
  }

  public Progress progress() {
    return progress.values().stream().reduce(Progress.NONE, Progress::plus);
  }

  /** Of each job that had a turn. */
  public Map<Job, Progress> progressOfJobs() {
    return new LinkedHashMap<>(progress);
  }

  public Duration elapsed() {
    return Duration.ofNanos(pace.nanos() - startNanos);
  }

  public void run() throws UnwritableFolder {
    startNanos = pace.nanos();
    List<Job> alive = new ArrayList<>(plan.jobs());
    do {
      round(alive);
    } while (!alive.isEmpty() && hasMoreRounds());
  }

  private boolean hasMoreRounds() {
    return !stopped && plan.time().isEmpty() && plan.runs() == 0;
  }

  private void round(List<Job> alive) throws UnwritableFolder {
    List<Job> jobs = List.copyOf(alive);
    for (int i = 0; i < jobs.size() && !stopped; i++) {
      if (!turn(jobs.get(i), share(jobs.size() - i))) {
        alive.remove(jobs.get(i));
      }
    }
  }

  private Duration share(int jobsLeft) {
    if (plan.time().isPresent()) {
      Duration share = plan.time().get().minus(elapsed()).dividedBy(jobsLeft);
      return share.compareTo(LEAST) < 0 ? LEAST : share;
    }
    return plan.runs() > 0 ? Duration.ofDays(365) : TURN;
  }

  /** Whether the job is worth another turn. */
  private boolean turn(Job job, Duration share) throws UnwritableFolder {
    watcher.started(job);
    Turn turn = new Turn(job, share);
    for (int deaths = 0; ; deaths++) {
      WorkerLink.Ending ending = turn.work(deaths);
      if (ending == null || ending instanceof WorkerLink.Ending.Done) {
        return true;
      }
      if (ending instanceof WorkerLink.Ending.GaveUp gaveUp) {
        watcher.failed(job, gaveUp.reason());
        return false;
      }
      String evidence = ((WorkerLink.Ending.Died) ending).evidence();
      if (deaths == DEATHS_FORGIVEN) {
        watcher.failed(job, evidence);
        return false;
      }
      watcher.died(job, evidence);
    }
  }

  /** A job's share of the time, which counts while it runs; workers that die leave the rest. */
  private final class Turn {
    private final Job job;
    private Duration left;

    Turn(Job job, Duration share) {
      this.job = job;
      this.left = share;
    }

    /** Returns how the worker ended by itself, or null if its time was up. */
    WorkerLink.Ending work(int deaths) throws UnwritableFolder {
      // Deterministic with a seed, and yet a worker that died does not die of the same again.
      long seed = plan.seed() + plan.jobs().indexOf(job) + 1000L * deaths;
      WorkerLink worker = workers.start(job, seed, plan.runsPerJob());
      try {
        return watch(worker);
      } finally {
        worker.close();
        look(job, worker);
      }
    }

    /**
     * Its time begins with its first run, so that a slow start does not pass for a clean result.
     */
    private WorkerLink.Ending watch(WorkerLink worker) {
      long before = worker.progress().runs();
      long begun = pace.nanos();
      boolean running = false;
      Optional<WorkerLink.Ending> ending = Optional.empty();
      while (!stopped && ending.isEmpty() && !isOver(begun, running ? left : TIME_TO_START)) {
        pace.pause(TICK);
        ending = worker.ending();
        look(job, worker);
        if (!running && worker.progress().runs() > before) {
          running = true;
          begun = pace.nanos();
        }
      }
      if (running) {
        left = left.minusNanos(pace.nanos() - begun);
      }
      return ending.orElse(running || stopped ? null : new WorkerLink.Ending.GaveUp(NO_RUN));
    }
  }

  private boolean isOver(long begun, Duration time) {
    return pace.nanos() - begun >= time.toNanos();
  }

  private void look(Job job, WorkerLink worker) {
    progress.put(job, worker.progress());
    worker.news().forEach(sighting -> watcher.sighted(job, sighting));
    watcher.tick(job, elapsed(), progress());
  }
}
