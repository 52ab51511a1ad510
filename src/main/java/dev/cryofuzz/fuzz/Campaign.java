package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.UnwritableFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives each job its share of the time, one after the other, and tells the watcher what happens.
 * With a time limit each job has one turn; without any, jobs take turns until somebody stops it.
 */
public final class Campaign {
  /** A turn costs a second for starting its worker. */
  private static final Duration TURN = Duration.ofMinutes(1);

  private static final Duration TICK = Duration.ofMillis(100);
  private static final int DEATHS_FORGIVEN = 3;

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
      long until = pace.nanos() + share(jobs.size() - i).toNanos();
      if (!turn(jobs.get(i), until)) {
        alive.remove(jobs.get(i));
      }
    }
  }

  private Duration share(int jobsLeft) {
    if (plan.time().isPresent()) {
      return plan.time().get().minus(elapsed()).dividedBy(jobsLeft);
    }
    return plan.runs() > 0 ? Duration.ofDays(365) : TURN;
  }

  /** Whether the job is worth another turn. */
  private boolean turn(Job job, long until) throws UnwritableFolder {
    watcher.started(job);
    WorkerLink.Ending ending = null;
    for (int deaths = 0; deaths <= DEATHS_FORGIVEN; deaths++) {
      ending = work(job, until, deaths);
      if (ending == null || ending instanceof WorkerLink.Ending.Done) {
        return true;
      }
      if (ending instanceof WorkerLink.Ending.GaveUp gaveUp) {
        watcher.failed(job, gaveUp.reason());
        return false;
      }
    }
    watcher.failed(job, ((WorkerLink.Ending.Died) ending).evidence());
    return false;
  }

  /** Returns how the worker ended by itself, or null if its time was up. */
  private WorkerLink.Ending work(Job job, long until, int deaths) throws UnwritableFolder {
    // Deterministic with a seed, and yet a worker that died does not die of the same again.
    long seed = plan.seed() + plan.jobs().indexOf(job) + 1000L * deaths;
    WorkerLink worker = workers.start(job, seed, plan.runsPerJob());
    WorkerLink.Ending ending = null;
    try {
      while (ending == null && !stopped && pace.nanos() < until) {
        pace.pause(TICK);
        ending = worker.ending().orElse(null);
        look(job, worker);
      }
    } finally {
      worker.close();
      look(job, worker);
    }
    return ending;
  }

  private void look(Job job, WorkerLink worker) {
    progress.put(job, worker.progress());
    worker.news().forEach(sighting -> watcher.sighted(job, sighting));
    watcher.tick(job, elapsed(), progress());
  }
}
