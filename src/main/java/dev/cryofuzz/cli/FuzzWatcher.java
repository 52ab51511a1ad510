package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.fuzz.Campaign;
import dev.cryofuzz.fuzz.CampaignWatcher;
import dev.cryofuzz.fuzz.Effort;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.fuzz.Sighting;
import dev.cryofuzz.report.Discovery;
import dev.cryofuzz.report.JobResult;
import dev.cryofuzz.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows how a campaign goes, and hands what it sees to the findings. */
final class FuzzWatcher implements CampaignWatcher {
  private final Console console;
  private final Findings findings;
  private final StatusLine status;
  private final long seed;
  private final JobResults results;
  private final ProgressFile course;
  private Runnable first = () -> {};
  private Duration lastTick = Duration.ZERO;
  private boolean fault;

  FuzzWatcher(
      Console console, Findings findings, JobResults results, ProgressFile course, long seed) {
    this.console = console;
    this.findings = findings;
    this.results = results;
    this.course = course;
    this.status = new StatusLine(console);
    this.seed = seed;
  }

  /** What happens at the first finding; what follows from a planted bug does not count. */
  void atFirst(Runnable action) {
    first = action;
  }

  boolean fault() {
    return fault;
  }

  @Override
  public void started(Job job) {
    console.why(
        () ->
            "a worker begins with "
                + job.name()
                + ", memory "
                + job.memory().text()
                + (job.variant().isGood() ? ", which must not fail" : ", a planted bug"));
  }

  @Override
  public void sighted(Job job, Sighting sighting) {
    Loaded loaded = CorpusReader.read(List.of(sighting.file()));
    loaded.errors().forEach(console::say);
    fault |= !loaded.errors().isEmpty();
    loaded.entries().forEach(entry -> add(job, entry.scenario(), sighting));
  }

  private void add(Job job, Scenario scenario, Sighting sighting) {
    Title title = Title.parse(scenario.expect().orElseThrow());
    Discovery discovery =
        new Discovery(seed, sighting.run(), sighting.milliseconds(), sighting.opening());
    findings.add(
        scenario.withoutExpect(),
        new Finding(title, "seen once, then never again in fresh processes"),
        Optional.of(discovery));
    if (job.variant().expect().map(title.text()::equals).orElse(true)) {
      first.run();
    }
  }

  @Override
  public void died(Job job, String evidence) {
    console.say("cryofuzz: a worker of " + job.name() + " died, another one goes on: " + evidence);
  }

  @Override
  public void failed(Job job, String reason) {
    fault = true;
    results.ended(job, JobResult.Ending.BROKEN, reason);
    console.say(
        "cryofuzz: " + job.name() + " is given up: " + reason + "; type: ./cryofuzz doctor");
  }

  @Override
  public void tick(Job job, Duration elapsed, Progress total) {
    results.spent(job, elapsed.minus(lastTick));
    lastTick = elapsed;
    status.tick(job, elapsed, total, findings.count());
    try {
      course.tick(job, elapsed, total, findings.count());
    } catch (UnwritableFolder e) {
      // What it finds may still be told; said once, for nothing more is written there.
      fault = true;
      console.say("cryofuzz: " + e.getMessage() + "; how the campaign goes is not saved");
    }
  }

  /** Which strategies had how many runs, and found what; empty if there were no bursts. */
  Optional<String> efforts(Campaign campaign) {
    String text =
        campaign.progress().efforts().stream()
            .filter(effort -> effort.runs() > 0 && effort.strategy() != Strategy.NONE)
            .map(FuzzWatcher::text)
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Optional.empty() : Optional.of("strategies: " + text);
  }

  private static String text(Effort effort) {
    String runs = String.format(Locale.ROOT, "%s %,d", effort.strategy().text(), effort.runs());
    return effort.found() == 0 ? runs : runs + " (found " + effort.found() + ")";
  }

  /** What to say at the end. */
  String last(Campaign campaign, List<Job> jobs) {
    Progress progress = campaign.progress();
    String text = status.last(campaign.elapsed(), progress, findings.count());
    String broken = progress.broken() == 0 ? "" : "  broken " + progress.broken();
    String cannot = progress.unsupported() == 0 ? "" : "  can't run here " + progress.unsupported();
    boolean external = jobs.stream().allMatch(job -> job.target().external());
    String cycles = external ? "  " + status.cycles(campaign.elapsed(), progress) : "";
    return text + cycles + broken + cannot;
  }
}
