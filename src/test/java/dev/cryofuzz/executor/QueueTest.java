package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Where;
import dev.cryofuzz.shrink.Minimized;
import dev.cryofuzz.shrink.Minimizer;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The message queue in real processes: the whole way from a scenario to a minimized one. */
@Tag("process")
@Timeout(60)
class QueueTest {
  private static final Title STALE = Title.parse("stale-read in queue.pop");

  private NativeExecutor executor;

  @BeforeEach
  void open() {
    executor = Targets.here().openNative("queue", NativeExecutor.Options.anywhere());
  }

  @AfterEach
  void close() {
    executor.close();
  }

  private Scenario defaultRun(String variant) {
    return executor.target().shape(variant, MemoryModel.WEAK).defaultRun();
  }

  /** Each point of the reader with a load of the past, alone. */
  private Stream<Scenario> staleSweep(String variant) {
    Scenario scenario = defaultRun(variant);
    return IntStream.range(0, 60)
        .mapToObj(point -> Event.of("reader", point, new Action.Stale(1)))
        .map(event -> scenario.withEvents(List.of(event)));
  }

  private Scenario failing() {
    return staleSweep("no-barrier")
        .filter(scenario -> executor.run(scenario, RunMode.KEPT).failedAs(STALE))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theDefaultRunOfEveryVariantPassesTwiceTheSame() {
    for (var variant : executor.target().variants()) {
      assertThat(DefaultRun.check(executor, defaultRun(variant.name())))
          .as(variant.name())
          .isEqualTo(new Verdict.Pass());
    }
  }

  /** A failure needs its event and no other: with a freeze before it stays the same. */
  @Test
  void aFreezeBeforeChangesNothingElse() {
    Scenario failing = failing();
    for (int steps : new int[] {0, 9}) {
      Event freeze = Event.of("reader", 0, new Action.Infect("inject", 2, Where.step(steps)));
      TracedRun frozen = executor.runTraced(failing.withMoreEvents(List.of(freeze)), RunMode.KEPT);
      assertThat(frozen.run().failedAs(STALE)).as("steps=" + steps).isTrue();
      assertThat(frozen.trace().steps().stream().filter(step -> step.op() == Op.FREEZE)).hasSize(1);
    }
  }

  /** Also one whose processes are all dumped, killed and restored there. */
  @Test
  void aCheckpointBeforeChangesNothingElse() {
    Scenario failing = failing();
    for (int steps : new int[] {0, 9}) {
      Event event = Event.of("reader", 0, new Action.Checkpoint("criu", Where.step(steps)));
      TracedRun restored = executor.runTraced(failing.withMoreEvents(List.of(event)), RunMode.KEPT);
      assumeThat(restored.run().verdict()).isNotInstanceOf(Verdict.Unsupported.class);
      assertThat(restored.run().failedAs(STALE)).as("steps=" + steps).isTrue();
      assertThat(restored.trace().steps()).extracting(Step::op).containsOnlyOnce(Op.CHECKPOINT);
    }
    assertThat(executor.run(failing, RunMode.KEPT).failedAs(STALE)).isTrue();
  }

  /**
   * Whoever is stopped between two loads comes through the kernel, which is the barrier it lacks.
   */
  @Test
  void nothingIsStaleAfterAFreeze() {
    Scenario failing = failing();
    int before = failing.events().get(0).at().point() - 1;
    Event freeze = Event.of("reader", before, new Action.Infect("inject", 2, Where.step(0)));
    assertThat(executor.run(failing.withMoreEvents(List.of(freeze)), RunMode.KEPT).verdict())
        .isEqualTo(new Verdict.Pass());
  }

  @Test
  void aThousandKeptRunsAreOneRun() {
    Scenario scenario = defaultRun("full");
    Run fresh = executor.run(scenario, RunMode.FRESH);
    for (int i = 0; i < 1000; i++) {
      assertThat(executor.run(scenario, RunMode.KEPT).hash()).isEqualTo(fresh.hash());
    }
  }

  @Test
  void oneLoadOfThePastIsEnoughWithoutBarriersAndNotWithThem() {
    assertThat(staleSweep("no-barrier").map(s -> executor.run(s, RunMode.KEPT).verdict().title()))
        .contains(Optional.of(STALE));
    assertThat(staleSweep("full").map(s -> executor.run(s, RunMode.KEPT).verdict()))
        .containsOnly(new Verdict.Pass());
  }

  @Test
  void theSameEventIsFoundByItsPlace() {
    Scenario failing = failing();
    Run run = executor.run(failing, RunMode.KEPT);
    Scenario pinned = run.pinned(failing);
    Event event = pinned.events().get(0);
    assertThat(event.at().site().orElseThrow()).startsWith("queue.c:");

    Event moved = event.withAt(Event.of("reader", 999, event.action()).at());
    Event sited =
        moved.withAt(moved.at().withSite(event.at().site().orElseThrow(), event.at().nth()));
    Scenario elsewhere = pinned.withEvents(List.of(sited));
    assertThat(executor.run(elsewhere, RunMode.KEPT).passed()).isTrue();
    assertThat(executor.run(elsewhere, RunMode.KEPT).fired()).containsExactly(Fired.UNREACHED);
    Run bySite = executor.run(elsewhere, RunMode.KEPT.anchoredBySite());
    assertThat(bySite.failedAs(STALE)).isTrue();
    assertThat(bySite.hash()).isEqualTo(run.hash());
    assertThat(bySite.pinned(elsewhere)).isEqualTo(pinned);
  }

  @Test
  void aFailureIsConfirmedWithOneTrace() {
    Confirmation confirmation = Confirm.confirm(executor, failing(), STALE);
    assertThat(confirmation.exact()).isTrue();
    assertThat(confirmation.runs()).isEqualTo(Confirm.TIMES);
  }

  @Test
  void theTraceShowsTheEvent() {
    TracedRun traced = executor.runTraced(failing(), RunMode.FRESH);
    Event event = traced.run().pinned(failing()).events().get(0);
    assertThat(traced.trace().hash()).isEqualTo(traced.run().hash());
    assertThat(traced.trace().steps()).hasSize((int) traced.run().steps());
    Step stale =
        traced.trace().steps().stream().filter(s -> s.has(Flag.EVENT)).findFirst().orElseThrow();
    assertThat(stale.has(Flag.STALE)).isTrue();
    assertThat(traced.trace().actor(stale)).isEqualTo("reader");
    assertThat(stale.point()).isEqualTo(event.at().point());
    assertThat(stale.site()).isEqualTo(event.at().site().orElseThrow());
  }

  @Test
  void aCrowdOfEventsIsMinimizedToTheOneThatMatters() {
    Scenario failing = failing();
    Scenario crowd =
        failing
            .withParam("writers", 3)
            .withParam("capacity", 4)
            .withEvents(
                List.of(
                    failing.events().get(0),
                    Event.of("reader", 2, new Action.Delay(3)),
                    Event.of("writer0", 3, new Action.Switch("writer1")),
                    Event.of("writer0", 5, new Action.Hold(9)),
                    Event.of("writer1", 4, new Action.Switch("writer2")),
                    Event.of("writer2", 2, new Action.Delay(2)),
                    Event.of("reader", 11, new Action.Switch("writer0")),
                    Event.of("reader", 17, new Action.Stale(2))));
    Title title = executor.run(crowd, RunMode.KEPT).verdict().title().orElse(STALE);
    Minimized minimized = Minimizer.with(executor).minimize(crowd, title).orElseThrow();
    assertThat(minimized.complete()).isTrue();
    assertThat(minimized.scenario().events()).hasSize(1);
    assertThat(minimized.scenario().events().get(0).at().site()).isPresent();
    assertThat(minimized.scenario().params()).containsEntry("writers", 1);
    assertThat(minimized.runs()).isLessThan(1000);
    assertThat(Confirm.confirm(executor, minimized.scenario(), title).exact()).isTrue();
  }

  @Test
  void aKilledExecutorLeavesNobodyAndIsReplaced() throws Exception {
    assertThat(executor.run(defaultRun("full"), RunMode.FRESH).passed()).isTrue();
    ProcessHandle process = ProcessHandle.of(executor.pid()).orElseThrow();
    List<ProcessHandle> actors = process.children().toList();
    assertThat(actors).hasSize(2);
    process.destroyForcibly();
    assertThat(executor.run(defaultRun("full"), RunMode.KEPT).verdict().toString())
        .contains("signal 9");
    assertThat(executor.run(defaultRun("full"), RunMode.KEPT).passed()).isTrue();
    for (ProcessHandle actor : actors) {
      Processes.awaitGone(actor);
    }
  }

  @Test
  void closingLeavesNobody() throws Exception {
    executor.run(defaultRun("full"), RunMode.FRESH);
    ProcessHandle process = ProcessHandle.of(executor.pid()).orElseThrow();
    List<ProcessHandle> actors = process.children().toList();
    executor.close();
    assertThat(process.isAlive()).isFalse();
    for (ProcessHandle actor : actors) {
      Processes.awaitGone(actor);
    }
  }

  @Test
  void feedbackIsDeterministicAndOnlyFilledWhenAskedFor() {
    Scenario scenario = defaultRun("full");
    executor.run(scenario, RunMode.KEPT);
    assertThat(executor.feedback()).containsOnly((byte) 0);
    executor.run(scenario, RunMode.KEPT.withFeedback());
    byte[] first = executor.feedback();
    assertThat(first).contains((byte) 1);
    executor.clearFeedback();
    executor.run(scenario, RunMode.KEPT.withFeedback());
    assertThat(executor.feedback()).isEqualTo(first);
  }
}
