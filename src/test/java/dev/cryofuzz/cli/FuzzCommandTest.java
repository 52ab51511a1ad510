package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Schemas;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Effort;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.fuzz.Sighting;
import dev.cryofuzz.fuzz.WorkerLink;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.report.FindingSchema;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns with a fake executor and a fake worker, from the command line to the exit code. */
@Timeout(60)
class FuzzCommandTest {
  private static final Title STALE = new Title(Kind.STALE_READ, "queue.pop");

  @TempDir Path temp;
  private final List<CampaignPlan> plans = new ArrayList<>();

  /** Fails whenever the reader's point 7 reads the past. */
  private static Run run(Scenario scenario, RunMode mode) {
    boolean stale =
        scenario.events().stream()
            .anyMatch(event -> event.at().point() == 7 && event.action() instanceof Action.Stale);
    return stale ? FakeExecutor.found(scenario, STALE) : FakeExecutor.pass(scenario);
  }

  private Bench bench(BiFunction<Scenario, RunMode, Run> rule, Scenario... found) {
    return new FakeBench(rule).with((folder, plan) -> workers(folder, plan, List.of(found)));
  }

  private Workers workers(Folder folder, CampaignPlan plan, List<Scenario> found) {
    plans.add(plan);
    return (job, seed, runs) -> new FoundAtOnce(folder.sub(job.name()), job, found);
  }

  /** A worker that finds all it will find before it is looked at first. */
  private static final class FoundAtOnce implements WorkerLink {
    private final List<Sighting> news = new ArrayList<>();

    FoundAtOnce(Folder folder, Job job, List<Scenario> found) throws UnwritableFolder {
      folder
          .sub("bytes")
          .write("default", new ScenarioBytes(job.shape()).encode(job.shape().defaultRun()));
      for (int i = 0; i < found.size(); i++) {
        String name = String.format("run-%012d-ms-%09d.json", 100 + i, 5);
        Scenario scenario = found.get(i).withVariant(job.variant().name());
        news.add(
            new Sighting(
                folder.sub("found").write(name, ScenarioJson.bytes(scenario)), 100 + i, 5, false));
      }
    }

    @Override
    public Progress progress() {
      return new Progress(1234, 2, 0, 0, 3, 4, EFFORTS);
    }

    @Override
    public List<Sighting> news() {
      List<Sighting> all = List.copyOf(news);
      news.clear();
      return all;
    }

    @Override
    public Optional<Ending> ending() {
      return Optional.of(new Ending.Done());
    }

    @Override
    public void close() {}
  }

  private static final List<Effort> EFFORTS =
      List.of(
          new Effort(Strategy.NONE, 2, 0),
          new Effort(Strategy.POS, 1200, 2),
          new Effort(Strategy.SURW, 32, 0),
          new Effort(Strategy.SWEEP, 0, 0));

  private static Scenario failing(Title title, Event... events) {
    return Scenario.of("queue", "full", dev.cryofuzz.scenario.MemoryModel.WEAK)
        .withEvents(List.of(events))
        .withExpect(title.text());
  }

  /** What fuzz has written, report writes again; a forge is told on standard output. */
  @Test
  void reportsAreWrittenAndCanBeWrittenAgain() throws Exception {
    Bench bench = bench(FuzzCommandTest::run, failing(STALE, NEEDLESS, STALE_AT_7));
    fuzz(bench, "--time", "5s", "--seed", 42);
    Path out = temp.resolve("out");
    Map<String, String> written = reports(out);
    Schemas.assertSarif(written.get("results.sarif"));
    Schemas.assertJUnit(written.get("junit.xml"));
    Schemas.assertValid(FindingSchema.line(), written.get("findings.jsonl"));
    Schemas.assertValid(FindingSchema.campaign(), Files.readString(out.resolve("campaign.json")));
    Schemas.assertValid(
        FindingSchema.finding(),
        Files.readString(out.resolve("stale-read-in-queue-pop/finding.json")));
    for (String name : written.keySet()) {
      Files.delete(out.resolve(name));
    }
    assertThat(Typed.on(bench, "report", out).code()).isZero();
    assertThat(reports(out)).isEqualTo(written);
    assertThat(Typed.on(bench, "report", temp.resolve("out/corpus")).code()).isEqualTo(2);
    assertThat(Typed.on(bench, "report", "--format", "pdf", out).err())
        .contains("there are html, sarif");
    Files.writeString(out.resolve("stale-read-in-queue-pop/finding.json"), "{}");
    assertThat(Typed.on(bench, "report", out))
        .satisfies(typed -> assertThat(typed.code()).isEqualTo(2))
        .satisfies(typed -> assertThat(typed.err()).contains("finding.json: no \"cryofuzz\""));
  }

  /**
   * The folder of an earlier campaign is used again: its finding is still there, and is not this
   * one's.
   */
  @Test
  void whatOtherCampaignsFoundIsToldApart() throws Exception {
    fuzz(bench(FuzzCommandTest::run, failing(STALE, STALE_AT_7)));
    Path out = temp.resolve("out");
    Bench second = bench((scenario, mode) -> FakeExecutor.pass(scenario));
    assertThat(fuzz(second).code()).isZero();
    assertThat(out.resolve("stale-read-in-queue-pop/finding.json")).exists();
    Map<String, String> written = reports(out);
    Schemas.assertValid(FindingSchema.campaign(), Files.readString(out.resolve("campaign.json")));
    assertThat(written.get("findings.jsonl")).isEmpty();
    assertThat(written.get("results.sarif")).doesNotContain("queue.pop");
    assertThat(written.get("summary.md"))
        .startsWith("## cryofuzz: no finding\n")
        .contains("1 finding of other campaigns in the same folder: `stale-read-in-queue-pop`");
    assertThat(written.get("index.html"))
        .contains("0 findings in", "<h2>Findings of other campaigns in this folder</h2>");
    Typed report = Typed.on(second, "report", out);
    assertThat(report.err()).startsWith("1 finding of other campaigns there: ");
    assertThat(reports(out)).isEqualTo(written);
  }

  @Test
  void timelinesAreDrawnAgainFromOneMoreRun() throws Exception {
    Bench failing = bench(FuzzCommandTest::run, failing(STALE, STALE_AT_7));
    fuzz(failing);
    Path out = temp.resolve("out");
    Path page = out.resolve("stale-read-in-queue-pop/timeline.html");
    Files.writeString(page, "an older version's");
    assertThat(Typed.on(failing, "report", out).err()).doesNotContain("redrew");
    assertThat(page).hasContent("an older version's");
    assertThat(Typed.on(failing, "report", "--redraw", out).err()).startsWith("redrew " + page);
    String drawn = Files.readString(page);
    assertThat(drawn)
        .startsWith("<!DOCTYPE html>")
        .contains("stale-read in queue.pop", "id=\"f0\"");
    Bench cured = new FakeBench((scenario, mode) -> FakeExecutor.pass(scenario));
    assertThat(Typed.on(cured, "report", "--redraw", out).err())
        .contains("its timeline stays as it is: it does not fail so now");
    assertThat(page).content().isEqualTo(drawn);
  }

  @Test
  void aFindingIsPackedAndReplayedFromThere() throws Exception {
    Bench bench = bench(FuzzCommandTest::run, failing(STALE, STALE_AT_7));
    fuzz(bench);
    Path folder = temp.resolve("out/stale-read-in-queue-pop");
    assertThat(folder.resolve("run.sh").toFile().canExecute()).isTrue();
    Path bundle = Path.of(folder + ".tar.gz");
    assertThat(Typed.on(bench, "bundle", folder)).isEqualTo(new Typed(0, bundle + "\n", ""));
    Path again = temp.resolve("again.tar.gz");
    Typed.on(bench, "bundle", folder, "-o", again);
    assertThat(again).hasSameBinaryContentAs(bundle);
    Typed typed = Typed.on(bench, "replay", bundle);
    assertThat(typed.code()).isEqualTo(1);
    assertThat(typed.out()).startsWith("PASS " + bundle);
    assertThat(Typed.on(bench, "show", bundle).code()).isZero();
    assertThat(Typed.on(bench, "bundle", temp).code()).isEqualTo(2);
  }

  private static Map<String, String> reports(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (ReportFormat format : ReportFormat.values()) {
      texts.put(format.file(), Files.readString(folder.resolve(format.file())));
    }
    return texts;
  }

  @Test
  void gitHubIsToldWhereItListens() throws Exception {
    Path summary = Files.writeString(temp.resolve("summary"), "somebody else's\n");
    Map<String, String> environment =
        Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString());
    Bench bench = bench(FuzzCommandTest::run, failing(STALE, STALE_AT_7));
    Object[] words = {"fuzz", "--out", temp.resolve("out"), "--corpus", temp, "--runs", 10};
    Typed typed = Typed.on(bench, new Stop(), environment, words);
    assertThat(typed.out()).contains("\n::error file=", ",title=stale-read in queue.pop::");
    assertThat(summary).content().startsWith("somebody else's\n## cryofuzz: 1 finding\n");
    assertThat(fuzz(bench).out()).doesNotContain("::error");
  }

  private static final Event STALE_AT_7 = Event.of("reader", 7, new Action.Stale(1));
  private static final Event NEEDLESS = Event.of("reader", 2, new Action.Delay(3));

  private Typed fuzz(Bench bench, Object... more) {
    List<Object> words = new ArrayList<>(List.of("fuzz", "--out", temp.resolve("out")));
    words.addAll(List.of("--corpus", temp, "--runs", 10));
    words.addAll(List.of(more));
    return Typed.on(bench, words.toArray());
  }

  @Test
  void aFindingIsConfirmedMinimizedSavedAndTold() throws Exception {
    Bench bench = bench(FuzzCommandTest::run, failing(STALE, NEEDLESS, STALE_AT_7));
    Typed typed = fuzz(bench, "--time", "5s", "--seed", 42);
    assertThat(typed.code()).as(typed.err()).isEqualTo(1);
    Path folder = temp.resolve("out/stale-read-in-queue-pop");
    assertThat(typed.out())
        .startsWith("FOUND stale-read in queue.pop\n")
        .contains("10/10 in fresh processes")
        .contains("2 before minimizing, 1 after")
        .contains("./cryofuzz replay " + folder);
    assertThat(folder).isDirectoryContaining("glob:**/{README.md,scenario.json,timeline.txt}");
    Scenario saved = ScenarioJson.read("x", Files.readAllBytes(folder.resolve("scenario.json")));
    assertThat(saved.events()).hasSize(1);
    assertThat(saved.expect()).contains(STALE.text());
    assertThat(Typed.on(bench, "replay", "--as-expected", folder).code()).isZero();
    assertThat(Files.readString(folder.resolve("finding.json"))).contains("\"seed\": 42");
  }

  @Test
  void theSameTitleIsToldOnce() {
    Scenario scenario = failing(STALE, STALE_AT_7);
    Typed typed = fuzz(bench(FuzzCommandTest::run, scenario, scenario));
    assertThat(typed.out().lines().filter(line -> line.startsWith("FOUND"))).hasSize(1);
    assertThat(typed.err()).contains("findings 1");
  }

  @Test
  void findingsAreToldInTheOrderOfTheirRuns() {
    Title twice = new Title(Kind.DOUBLE_FREE, "queue.free");
    Event other = Event.of("reader", 8, new Action.Stale(1));
    BiFunction<Scenario, RunMode, Run> rule =
        (scenario, mode) ->
            scenario.events().contains(other)
                ? FakeExecutor.found(scenario, twice)
                : run(scenario, mode);
    Typed typed = fuzz(bench(rule, failing(twice, other), failing(STALE, STALE_AT_7)));
    assertThat(typed.out().lines().filter(line -> line.startsWith("FOUND")))
        .containsExactly("FOUND double-free in queue.free", "FOUND stale-read in queue.pop");
  }

  @Test
  void whatNeverComesBackIsToldAsSuch() {
    Typed typed =
        fuzz(bench((scenario, mode) -> FakeExecutor.pass(scenario), failing(STALE, STALE_AT_7)));
    assertThat(typed.code()).as(typed.err()).isEqualTo(1);
    assertThat(typed.out()).contains("0/10 in fresh processes").contains("never again");
  }

  @Test
  void withoutAVariantAllGoodOnesAreFuzzedUnderTheWeakestModel() {
    Typed typed = fuzz(bench(FuzzCommandTest::run), "--time", "5s");
    assertThat(typed.code()).isZero();
    assertThat(typed.err()).contains("findings 0").contains("1,234 runs");
    assertThat(typed.err()).contains("strategies: pos 1,200 (found 2), surw 32\n");
    assertThat(typed.out()).isEqualTo("no finding in 1234 runs\n");
    assertThat(plans.get(0).jobs()).extracting(Job::name).containsExactly("queue-full-weak");
  }

  @Test
  void theCorpusIsSavedAsScenariosAndTheWorkspaceRemoved() throws Exception {
    fuzz(bench(FuzzCommandTest::run), "--time", "5s");
    try (var files = Files.list(temp.resolve("out/corpus/queue"))) {
      assertThat(files).hasSize(1);
    }
    try (var left = Files.list(temp.resolve("out/.work"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFailingDefaultRunIsAFindingAndIsNotFuzzed() {
    Typed typed = fuzz(bench((scenario, mode) -> FakeExecutor.found(scenario, STALE)));
    assertThat(typed.code()).as(typed.err()).isEqualTo(1);
    assertThat(typed.out()).contains("FOUND stale-read in queue.pop");
    assertThat(plans).isEmpty();
  }

  @Test
  void aDefaultRunThatDiffersIsADivergence() {
    int[] runs = {0};
    Typed typed =
        fuzz(bench((scenario, mode) -> FakeExecutor.run(scenario, new Verdict.Pass(), runs[0]++)));
    assertThat(typed.code()).as(typed.err()).isEqualTo(1);
    assertThat(typed.out()).contains("FOUND divergence in ").contains("gave the traces");
  }

  @Test
  void whatCanNotRunHereIsNoSuccess() {
    Bench bench = bench((scenario, mode) -> Run.of(new Verdict.Unsupported("no CRIU")));
    Typed typed = fuzz(bench);
    assertThat(typed.code()).isEqualTo(4);
    assertThat(typed.err()).contains("no CRIU");
  }

  @Test
  void aBrokenTargetIsAFault() {
    Bench bench = bench((scenario, mode) -> Run.of(new Verdict.Broken("crashed in its set-up")));
    Typed typed = fuzz(bench);
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.err()).contains("crashed in its set-up").contains("./cryofuzz doctor");
  }

  @Test
  void whatCanNotBeSavedIsPrinted() {
    Path out = temp.resolve("out");
    BiFunction<Scenario, RunMode, Run> rule =
        (scenario, mode) -> {
          if (!scenario.events().isEmpty()) {
            takeAway(out);
          }
          return run(scenario, mode);
        };
    Typed typed = fuzz(bench(rule, failing(STALE, STALE_AT_7)));
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.out()).contains("FOUND stale-read in queue.pop").contains("\"do\": \"stale\"");
    assertThat(typed.err()).contains("cannot write " + out);
  }

  private static void takeAway(Path out) {
    try {
      if (Files.isDirectory(out)) {
        Files.move(out, out.resolveSibling("gone"));
        Files.writeString(out, "something else");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void stoppedBeforeItBeganItEndsAtOnce() {
    Stop stop = new Stop();
    stop.ask();
    Typed typed =
        Typed.on(
            bench(FuzzCommandTest::run),
            stop,
            "fuzz",
            "--out",
            temp.resolve("out"),
            "--time",
            "1h");
    assertThat(typed.code()).isZero();
    assertThat(plans).isEmpty();
  }

  @Test
  void aCampaignThatCouldNotFreezeDoesNotBegin() {
    Verdict cannot = new Verdict.Unsupported("checkpoint with criu: needs root");
    BiFunction<Scenario, RunMode, Run> rule =
        (scenario, mode) ->
            scenario.events().stream()
                    .anyMatch(event -> event.action() instanceof Action.Checkpoint)
                ? FakeExecutor.run(scenario, cannot, 1)
                : run(scenario, mode);
    Typed typed =
        Typed.on(bench(rule), "fuzz", "--checkpoint", "--freeze", "--out", temp.resolve("out"));
    assertThat(typed.code()).isEqualTo(4);
    assertThat(typed.err()).contains("can't run here: checkpoint with criu: needs root");
    assertThat(plans).isEmpty();
  }
}
