package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.fuzz.Sighting;
import dev.cryofuzz.fuzz.WorkerLink;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.target.TargetDescription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelftestCommandTest {
  private static final String STALE = "stale-read in queue.pop";
  private static final String OTHER = "double-free in queue.free";

  private final List<String> started = Collections.synchronizedList(new ArrayList<>());

  private Typed selftest(Map<String, List<String>> titles, Object... options) {
    return selftest((scenario, mode) -> FakeExecutor.pass(scenario), titles, options);
  }

  private Typed selftest(
      BiFunction<Scenario, RunMode, Run> rule,
      Map<String, List<String>> titles,
      Object... options) {
    return selftest(new FakeBench(rule), titles, options);
  }

  private Typed selftest(FakeBench fake, Map<String, List<String>> titles, Object... options) {
    return selftest(new Stop(), fake, titles, options);
  }

  private Typed selftest(
      Stop stop, FakeBench fake, Map<String, List<String>> titles, Object... options) {
    Bench bench =
        fake.with(
            (folder, plan) ->
                (job, seed, runs) -> {
                  started.add(job.name() + " " + seed);
                  assertThat(plan.seeds()).isEmpty();
                  return new Finds(folder, job, titles.get(job.variant().name()));
                });
    List<Object> words = new ArrayList<>(List.of("selftest"));
    words.addAll(List.of(options));
    return Typed.on(bench, stop, words.toArray());
  }

  /** Sees one of its titles each time it is asked. */
  private static final class Finds implements WorkerLink {
    private final List<Sighting> news = new ArrayList<>();
    private int asked;

    Finds(Folder folder, Job job, List<String> titles) throws UnwritableFolder {
      for (int i = 0; i < titles.size(); i++) {
        String name = String.format("run-%012d-ms-%09d.json", i + 1, 5);
        Scenario scenario = job.shape().defaultRun().withExpect(titles.get(i));
        news.add(
            new Sighting(
                folder.sub(job.name()).write(name, ScenarioJson.bytes(scenario)), i + 1, 5, false));
      }
    }

    @Override
    public Progress progress() {
      return new Progress(10L * asked, 0, 0, 0, 0, 0);
    }

    @Override
    public List<Sighting> news() {
      asked++;
      return asked <= news.size() ? List.of(news.get(asked - 1)) : List.of();
    }

    @Override
    public Optional<Ending> ending() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  @Test
  void allIsAsItShouldBe() {
    Typed typed = selftest(Map.of("full", List.of(), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).as(typed.out()).isZero();
    assertThat(typed.out().lines()).hasSize(5).allMatch(line -> !line.contains("FAILED"));
    assertThat(typed.out()).endsWith("2 of 2 as they should be\n");
    assertThat(started).containsExactly("queue-full-weak-early 1", "queue-no-barrier-weak 1");
  }

  @Test
  void whatFollowsFromABugIsNoAnswer() {
    Typed typed = selftest(Map.of("full", List.of(), "no-barrier", List.of(OTHER, STALE)));
    assertThat(typed.code()).isZero();
  }

  @Test
  void aMissedBugIsNotReproduced() {
    Typed typed = selftest(Map.of("full", List.of(), "no-barrier", List.of()), "--time", "3s");
    assertThat(typed.code()).isEqualTo(5);
    assertThat(typed.out()).contains("FAILED: expected stale-read in queue.pop");
  }

  @Test
  void anotherTitleIsAFinding() {
    Typed typed = selftest(Map.of("full", List.of(), "no-barrier", List.of(OTHER)));
    assertThat(typed.code()).isEqualTo(1);
    assertThat(typed.out()).contains("\"expect\": \"" + OTHER + "\"");
  }

  @Test
  void aGoodVariantMustNotFail() {
    Typed typed = selftest(Map.of("full", List.of(OTHER), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).isEqualTo(1);
    assertThat(typed.out()).contains("FAILED: expected no finding");
  }

  @Test
  void aMishapWithProcessesThatNobodyControlsIsSaidAndNoFailure() {
    Map<String, List<String>> titles = Map.of("full", List.of(OTHER), "no-barrier", List.of(STALE));
    Typed typed = selftestOf(Descriptions.externalQueue(), titles);
    assertThat(typed.code()).isZero();
    assertThat(typed.out()).contains("ok, but saw once, and never again: " + OTHER);
  }

  @Test
  void whatComesAgainIsNoMishap() {
    AtomicInteger runs = new AtomicInteger();
    Typed typed =
        selftest(
            new FakeBench(
                (scenario, mode) ->
                    mode.fresh() && runs.incrementAndGet() == 20
                        ? FakeExecutor.found(scenario, Title.parse(OTHER))
                        : FakeExecutor.pass(scenario),
                Descriptions.externalQueue()),
            Map.of("full", List.of(OTHER), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).isEqualTo(1);
  }

  @Test
  void aPlantedBugMustNotShowInTheDefaultRun() {
    Typed typed =
        selftest(
            (scenario, mode) ->
                scenario.variant().equals("no-barrier")
                    ? FakeExecutor.found(scenario, Title.parse(STALE))
                    : FakeExecutor.pass(scenario),
            Map.of("full", List.of(), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).isEqualTo(3);
    assertThat(typed.out()).contains("its default run fails: " + STALE);
    assertThat(started).containsExactly("queue-full-weak-early 1");
  }

  private Typed selftestOf(TargetDescription queue, Map<String, List<String>> titles) {
    return selftest(
        new FakeBench((scenario, mode) -> FakeExecutor.pass(scenario), queue), titles, "--time=3s");
  }

  @Test
  void whatMustBeKeptIsBrokenAndCaught() {
    Typed typed =
        selftestOf(
            Descriptions.queueThatKeeps(), Map.of("full", List.of(), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).isZero();
    assertThat(typed.out()).containsPattern("queue +memory +1/1 +ok +no-barrier");
  }

  /** Ctrl-C when the good variant is through: the planted bug was not missed. */
  @Test
  void stoppedItTellsOnlyOfWhatWasTried() {
    Stop stop = new Stop();
    Typed typed =
        selftest(
            stop,
            new FakeBench(
                (scenario, mode) -> {
                  if (scenario.variant().equals("no-barrier")) {
                    stop.ask();
                  }
                  return FakeExecutor.pass(scenario);
                },
                Descriptions.queueThatKeeps()),
            Map.of("full", List.of(), "no-barrier", List.of()));
    assertThat(typed.code()).isZero();
    assertThat(typed.out()).contains("1 of 1 as they should be").doesNotContain("FAILED");
    assertThat(typed.err()).contains("stopped: of the other variants nothing is known");
  }

  @Test
  void whatNoVariantBreaksIsAFault() {
    Typed typed =
        selftestOf(
            Descriptions.queueThatKeeps("signal-mask"),
            Map.of("full", List.of(), "no-barrier", List.of(STALE)));
    assertThat(typed.code()).isEqualTo(1);
    assertThat(typed.out())
        .containsPattern("queue +signal-mask +0/0 +FAILED: no variant breaks it +-");
  }

  @Test
  void whatIsBrokenAndNotCaughtIsSaid() {
    Typed typed =
        selftestOf(
            Descriptions.queueThatKeeps(), Map.of("full", List.of(), "no-barrier", List.of()));
    assertThat(typed.code()).isEqualTo(5);
    assertThat(typed.out())
        .containsPattern("queue +memory +0/1 +FAILED: not caught: no-barrier +no-barrier");
  }

  @Test
  void severalAtATimeAreToldInTheSameOrder() {
    Typed typed =
        selftest(
            Map.of("full", List.of(), "no-barrier", List.of(STALE)), "--jobs", 2, "--seeds", 3);
    assertThat(typed.code()).isZero();
    assertThat(typed.out().lines().skip(1).limit(6).map(line -> line.split(" +")[1]))
        .containsExactly("full", "no-barrier", "full", "no-barrier", "full", "no-barrier");
    assertThat(started).hasSize(6);
  }

  @Test
  void seedsAreTriedOneAfterTheOther() {
    selftest(Map.of("full", List.of(), "no-barrier", List.of(STALE)), "--seeds", 2, "--seed", 7);
    assertThat(started)
        .extracting(line -> line.replaceAll(".* ", ""))
        .containsExactly("7", "7", "8", "8");
  }
}
