package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.CorpusFolder;
import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.FindingStore;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.DefaultRun;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.fuzz.Campaign;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Covered;
import dev.cryofuzz.fuzz.Harvest;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.report.CampaignResult;
import dev.cryofuzz.report.JobResult.Ending;
import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A campaign from its first check to its exit code. */
final class FuzzSession {
  /** Less is a full disk. */
  private static final long ROOM = 1L << 20;

  private final Surroundings around;
  private final FuzzOptions options;
  private final Console console;
  private final List<Job> jobs = new ArrayList<>();
  private final JobResults results = new JobResults();
  private Map<Job, Progress> progress = Map.of();
  private Optional<Long> seed = Optional.empty();
  private int unsupported;
  private boolean fault;

  FuzzSession(Surroundings around, FuzzOptions options) {
    this.around = around;
    this.options = options;
    this.console = around.console();
  }

  int run() throws UnwritableFolder {
    List<Scenario> seeds = seeds();
    Folder out = Folder.at(options.out());
    Workspace workspace = Workspace.in(out);
    tellLeftovers(workspace);
    around.stop().leaves(workspace.folder().path());
    ProgressFile course = ProgressFile.in(out);
    Findings findings =
        new Findings(around, new FindingStore(out), options.out(), options.explains());
    long begun = around.bench().pace().nanos();
    try (findings) {
      checkDefaultRuns(findings);
      if (!jobs.isEmpty()) {
        fuzz(out, workspace, findings, course, seeds);
      }
    }
    report(out, findings, Duration.ofNanos(around.bench().pace().nanos() - begun));
    if (!fault && !findings.fault()) {
      workspace.remove();
    }
    return exitCode(findings);
  }

  private void report(Folder out, Findings findings, Duration time) throws UnwritableFolder {
    CampaignResult campaign =
        new CampaignResult(
            Version.text(),
            seed,
            time.toMillis(),
            results.of(options.jobs(), progress),
            Optional.of(findings.folders()));
    new ReportFiles(console, around.environment()).write(out, campaign);
  }

  private Bench explored() {
    return around.bench().on(options.carrier());
  }

  private void tellLeftovers(Workspace workspace) {
    for (Path folder : workspace.leftovers()) {
      console.talk("a killed campaign left failing scenarios; type: ./cryofuzz replay " + folder);
    }
  }

  /** A target whose default run does not pass, twice and equally, can't be fuzzed. */
  private void checkDefaultRuns(Findings findings) {
    try (OpenExecutors executors = new OpenExecutors(explored())) {
      for (Job job : options.jobs()) {
        if (!around.stop().isAsked()) {
          check(job, executors.of(job.target().name()), findings);
        }
      }
    }
  }

  private void check(Job job, Executor executor, Findings findings) {
    Scenario scenario = job.shape().defaultRun();
    Verdict verdict = DefaultRun.check(executor, scenario);
    if (verdict instanceof Verdict.Pass) {
      jobs.add(job);
    } else if (verdict instanceof Verdict.Found found) {
      results.ended(job, Ending.FAILED, "its default run fails");
      console.say("the default run of " + job.name() + " fails, so there is nothing to fuzz");
      findings.add(scenario, found.finding(), Optional.empty());
    } else if (verdict instanceof Verdict.Unsupported cannot) {
      unsupported++;
      results.ended(job, Ending.UNSUPPORTED, cannot.reason());
      console.say(job.name() + " can't run here: " + cannot.reason());
    } else if (verdict instanceof Verdict.Broken broken) {
      fault = true;
      results.ended(job, Ending.BROKEN, broken.reason());
      console.say("cryofuzz: " + job.name() + ": " + broken.reason() + "; type: ./cryofuzz doctor");
    }
  }

  private void fuzz(
      Folder out, Workspace workspace, Findings findings, ProgressFile course, List<Scenario> seeds)
      throws UnwritableFolder {
    CampaignPlan plan = plan(seeds);
    FuzzWatcher watcher = new FuzzWatcher(console, findings, results, course, plan.seed());
    Campaign campaign =
        new Campaign(
            plan, explored().workers(workspace.folder(), plan), watcher, around.bench().pace());
    if (options.first()) {
      watcher.atFirst(campaign::stop);
    }
    around.stop().onStop(campaign::stop);
    try {
      campaign.run();
    } finally {
      console.eraseStatus();
      progress = campaign.progressOfJobs();
      saveCorpus(out, workspace);
    }
    fault |= watcher.fault();
    findings.close();
    course.add(
        jobs.get(jobs.size() - 1), campaign.elapsed(), campaign.progress(), findings.count());
    tellCovered(workspace);
    new Censuses(console, out, workspace.folder()).tell(jobs);
    watcher.efforts(campaign).ifPresent(console::talk);
    console.talk(watcher.last(campaign, jobs));
    if (!fault && findings.count() == 0) {
      console.remark("no finding in " + campaign.progress().runs() + " runs");
    }
  }

  /** Of a strategy that comes to an end, what it has come to the end of. */
  private void tellCovered(Workspace workspace) {
    for (Job job : jobs) {
      Covered.of(workspace.folder(), job)
          .ifPresent(what -> console.remark(job.name() + ": " + what));
    }
  }

  private CampaignPlan plan(List<Scenario> seeds) {
    long chosen = options.seed().orElseGet(() -> (long) new SecureRandom().nextInt(1, 1 << 30));
    seed = Optional.of(chosen);
    console.talk(
        "fuzzing " + jobs.size() + (jobs.size() == 1 ? " job" : " jobs") + ", --seed " + chosen);
    return new CampaignPlan(
        jobs,
        options.time(),
        options.runs(),
        chosen,
        seeds,
        options.feedback(),
        options.structured(),
        options.strategy());
  }

  private List<Scenario> seeds() {
    Path folder = options.corpus().orElse(Facts.home().resolve("corpus"));
    if (options.corpus().isPresent() && !Files.isDirectory(folder)) {
      throw new UsageError("--corpus " + folder + ": no such folder; type: mkdir -p " + folder);
    }
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Loaded loaded = CorpusReader.read(List.of(folder));
    loaded.errors().forEach(console::say);
    return loaded.entries().stream().map(Entry::scenario).toList();
  }

  private void saveCorpus(Folder out, Workspace workspace) throws UnwritableFolder {
    // libFuzzer does not say when it could not write; what it has kept is then not worth saving.
    out.require(ROOM);
    CorpusFolder corpus = new CorpusFolder(out.sub("corpus"));
    try (OpenExecutors executors = new OpenExecutors(around.bench())) {
      for (Job job : jobs) {
        Path bytes = workspace.folder().path().resolve(job.name()).resolve("bytes");
        Harvest harvest = new Harvest(executors.of(job.target().name()), job);
        for (Scenario scenario : harvest.of(bytes)) {
          corpus.store(scenario);
        }
      }
    }
  }

  private int exitCode(Findings findings) {
    if (fault || findings.fault()) {
      return ExitCode.FAULT;
    }
    if (findings.count() > 0) {
      return ExitCode.FINDINGS;
    }
    return jobs.isEmpty() && unsupported > 0 ? ExitCode.NOTHING_COULD_RUN : ExitCode.CLEAN;
  }
}
