package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Confirm;
import dev.cryofuzz.executor.DefaultRun;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.fuzz.Campaign;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.CampaignWatcher;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.fuzz.Sighting;
import dev.cryofuzz.report.Trial;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes the default run of one variant, which must pass, and then fuzzes it, beginning with
 * nothing.
 */
final class Attempt {
  private static final int SHARE_OF_GOOD = 16;
  private static final int REPLAYS = 20;

  private final Bench bench;
  private final Job job;
  private final Duration time;
  private final StatusLine status;

  /**
   * @param time at most so long for a bad variant, a sixteenth of it for a good one
   */
  Attempt(Bench bench, Job job, Duration time, StatusLine status) {
    this.bench = bench;
    this.job = job;
    this.time = time;
    this.status = status;
  }

  /**
   * @param folder where its worker works
   * @param stopping is told what ends it soon
   */
  Trial run(Folder folder, long seed, Consumer<Runnable> stopping) throws UnwritableFolder {
    if (job.target().unsupported().isPresent()) {
      return untried(job.target().unsupported());
    }
    Optional<String> faulty = defaultRunFault();
    if (faulty.isPresent()) {
      return untried(faulty);
    }
    Duration budget = job.variant().isGood() ? time.dividedBy(SHARE_OF_GOOD) : time;
    CampaignPlan plan =
        new CampaignPlan(
            List.of(job), Optional.of(budget), 0, seed, List.of(), true, true, Strategy.PORTFOLIO);
    Watcher watcher = new Watcher();
    Campaign campaign = new Campaign(plan, bench.workers(folder, plan), watcher, bench.pace());
    watcher.enough = campaign::stop;
    stopping.accept(campaign::stop);
    campaign.run();
    Optional<String> broken =
        campaign.progress().runs() == 0 ? Optional.of("no run") : watcher.broken;
    Trial trial =
        trial(watcher.found, watcher.opening, broken, campaign.progress(), campaign.elapsed());
    return watcher.found.filter(this::neverAgain).isPresent() ? trial.seenOnce() : trial;
  }

  /**
   * Of a good variant with processes that nobody controls: one run in thousands may be a mishap of
   * the machine. What a campaign finds is replayed before anybody reports it, so it is here.
   */
  private boolean neverAgain(Scenario scenario) {
    if (!job.variant().isGood() || !job.target().external()) {
      return false;
    }
    Title title = Title.parse(scenario.expect().orElseThrow());
    try (Executor executor = bench.open(job.target().name())) {
      return Confirm.confirm(executor, scenario, title, RunMode.FRESH, REPLAYS).failed() == 0;
    }
  }

  /** Of a bad variant too: what fails without an event is not found by fuzzing. */
  private Optional<String> defaultRunFault() {
    try (Executor executor = bench.open(job.target().name())) {
      Verdict verdict = DefaultRun.check(executor, job.shape().defaultRun());
      if (verdict instanceof Verdict.Broken broken) {
        return Optional.of(broken.reason());
      }
      if (verdict instanceof Verdict.Unsupported cannot) {
        return Optional.of(cannot.reason());
      }
      return verdict.title().map(title -> "its default run fails: " + title);
    }
  }

  private Trial untried(Optional<String> reason) {
    return trial(Optional.empty(), false, reason, Progress.NONE, Duration.ZERO);
  }

  private Trial trial(
      Optional<Scenario> found,
      boolean opening,
      Optional<String> broken,
      Progress progress,
      Duration elapsed) {
    return new Trial(
        job.target().name(),
        job.variant().name(),
        job.memory().text(),
        job.variant().expect(),
        job.variant().breaks(),
        found.flatMap(Scenario::expect),
        Optional.empty(),
        found.map(ScenarioJson::write),
        broken,
        opening,
        progress.runs(),
        elapsed.toMillis());
  }

  /** Stops when the expected title is there, or any in a good variant. */
  private final class Watcher implements CampaignWatcher {
    private Runnable enough = () -> {};
    private Optional<Scenario> found = Optional.empty();
    private boolean opening;
    private Optional<String> broken = Optional.empty();

    @Override
    public void started(Job started) {}

    @Override
    public void sighted(Job seen, Sighting sighting) {
      CorpusReader.read(List.of(sighting.file())).entries().stream()
          .map(Entry::scenario)
          .filter(scenario -> scenario.expect().isPresent())
          .forEach(scenario -> saw(scenario, sighting.opening()));
    }

    /** What follows from a planted bug may be seen first: the expected title is waited for. */
    private void saw(Scenario scenario, boolean isOpening) {
      boolean expected = job.variant().expect().equals(scenario.expect());
      if (expected || found.isEmpty()) {
        found = Optional.of(scenario);
        opening = isOpening;
      }
      if (expected || job.variant().isGood()) {
        enough.run();
      }
    }

    /** Another one goes on; if that finds nothing, it is said. */
    @Override
    public void died(Job failed, String evidence) {}

    @Override
    public void failed(Job failed, String reason) {
      broken = Optional.of(reason);
    }

    @Override
    public void tick(Job running, Duration elapsed, Progress total) {
      status.tick(running, elapsed, total, found.isPresent() ? 1 : 0);
    }
  }
}
