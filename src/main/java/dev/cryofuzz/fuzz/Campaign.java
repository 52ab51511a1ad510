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
    WorkerLink.Ending ending = null;
    for (int deaths = 0; deaths <= DEATHS_FORGIVEN; deaths++) {
      ending = work(job, share, deaths);
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
  private WorkerLink.Ending work(Job job, Duration share, int deaths) throws UnwritableFolder {
    // Deterministic with a seed, and yet a worker that died does not die of the same again.
    long seed = plan.seed() + plan.jobs().indexOf(job) + 1000L * deaths;
    WorkerLink worker = workers.start(job, seed, plan.runsPerJob());
    try {
      return watch(job, worker, share);
    } finally {
      worker.close();
      look(job, worker);
    }
  }

  /** Its time begins with its first run, so that a slow start does not pass for a clean result. */
  private WorkerLink.Ending watch(Job job, WorkerLink worker, Duration share) {
    long before = worker.progress().runs();
    long begun = pace.nanos();
    boolean running = false;
    while (!stopped && !isOver(begun, running ? share : TIME_TO_START)) {
      pace.pause(TICK);
      Optional<WorkerLink.Ending> ending = worker.ending();
      look(job, worker);
      if (ending.isPresent()) {
        return ending.get();
      }
      if (!running && worker.progress().runs() > before) {
        running = true;
        begun = pace.nanos();
      }
    }
    return running || stopped ? null : new WorkerLink.Ending.GaveUp(NO_RUN);
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
