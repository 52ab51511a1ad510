package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.DefaultRun;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.fuzz.Campaign;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.CampaignWatcher;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.fuzz.Sighting;
import dev.cryofuzz.report.Trial;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the default run of one variant after the other, which must pass, and then fuzzes it, in a
 * folder of its own that is removed at the end.
 */
final class Selftest implements AutoCloseable {
  private static final int SHARE_OF_GOOD = 10;

  private final Surroundings around;
  private final Duration time;
  private final Workspace workspace;

  Selftest(Surroundings around, Duration time) throws UnwritableFolder {
    this.around = around;
    this.time = time;
    this.workspace = Workspace.in(temporary());
  }

  private static Folder temporary() throws UnwritableFolder {
    try {
      return Folder.at(Files.createTempDirectory("cryofuzz-selftest"));
    } catch (IOException e) {
      throw new UnwritableFolder(java.nio.file.Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  List<Trial> run(List<TargetDescription> targets, long seed) throws UnwritableFolder {
    List<Trial> trials = new ArrayList<>();
    for (TargetDescription target : targets) {
      for (Variant variant : target.variants()) {
        if (!around.stop().isAsked()) {
          trials.add(run(new Job(target, variant, memory(variant)), seed));
        }
      }
    }
    return trials;
  }

  /** A bad variant under the strongest model that shows it, a good one under the weakest. */
  private static MemoryModel memory(Variant variant) {
    return variant.isGood() ? MemoryModel.WEAK : variant.memory();
  }

  private Trial run(Job job, long seed) throws UnwritableFolder {
    if (job.target().unsupported().isPresent()) {
      return trial(job, Optional.empty(), job.target().unsupported(), Progress.NONE, Duration.ZERO);
    }
    Optional<String> faulty = defaultRunFault(job);
    if (faulty.isPresent()) {
      return trial(job, Optional.empty(), faulty, Progress.NONE, Duration.ZERO);
    }
    Duration budget = job.variant().isGood() ? time.dividedBy(SHARE_OF_GOOD) : time;
    CampaignPlan plan =
        new CampaignPlan(List.of(job), Optional.of(budget), 0, seed, List.of(), true, true);
    Folder folder = workspace.folder().sub("seed-" + seed);
    Watcher watcher = new Watcher(job);
    Campaign campaign =
        new Campaign(plan, around.bench().workers(folder, plan), watcher, around.bench().pace());
    watcher.enough = campaign::stop;
    around.stop().onStop(campaign::stop);
    campaign.run();
    around.console().eraseStatus();
    Optional<String> broken =
        campaign.progress().runs() == 0 ? Optional.of("no run") : watcher.broken;
    return trial(job, watcher.found, broken, campaign.progress(), campaign.elapsed());
  }

  /** Of a bad variant too: what fails without an event is not found by fuzzing. */
  private Optional<String> defaultRunFault(Job job) {
    try (Executor executor = around.bench().open(job.target().name())) {
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

  private static Trial trial(
      Job job,
      Optional<String> found,
      Optional<String> broken,
      Progress progress,
      Duration elapsed) {
    return new Trial(
        job.target().name(),
        job.variant().name(),
        job.memory().text(),
        job.variant().expect(),
        job.variant().breaks(),
        found,
        broken,
        progress.runs(),
        elapsed.toMillis());
  }

  @Override
  public void close() {
    workspace.removeWithOut();
  }

  /** Stops when the expected title is there, or any in a good variant. */
  private final class Watcher implements CampaignWatcher {
    private final Job job;
    private final StatusLine status = new StatusLine(around.console());
    private Runnable enough = () -> {};
    private Optional<String> found = Optional.empty();
    private Optional<String> broken = Optional.empty();

    Watcher(Job job) {
      this.job = job;
    }

    @Override
    public void started(Job started) {}

    @Override
    public void sighted(Job seen, Sighting sighting) {
      CorpusReader.read(List.of(sighting.file())).entries().stream()
          .flatMap(entry -> entry.scenario().expect().stream())
          .forEach(this::saw);
    }

    /** What follows from a planted bug may be seen first: the expected title is waited for. */
    private void saw(String title) {
      boolean expected = job.variant().expect().equals(Optional.of(title));
      if (expected || found.isEmpty()) {
        found = Optional.of(title);
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
