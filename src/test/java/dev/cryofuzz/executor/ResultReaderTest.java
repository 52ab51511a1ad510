package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.trace.Op;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResultReaderTest {
  private final SharedMemory control = SharedMemory.create("test", ControlLayout.CONTROL_SIZE);
  private final Sites sites = Sites.parse(List.of("10 q.c:1", "20 q.c:2"));
  private final PlanWriter plan =
      new PlanWriter(control, Descriptions.QUEUE, sites, new Cast(Descriptions.QUEUE));
  private final ResultReader result = new ResultReader(control, sites);
  private final List<String> actors = List.of("writer0", "reader");

  @AfterEach
  void close() {
    control.close();
  }

  private Run read(Scenario scenario) {
    plan.write(scenario, RunMode.KEPT);
    return result.read(scenario.events().size(), plan, actors);
  }

  private Run read() {
    return read(Scenario.of("queue", "full", MemoryModel.WEAK));
  }

  private void text(int at, String text) {
    control.putBytes(at, (text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private void violated(int kind) {
    control.putInt(ControlLayout.RESULT_OUTCOME, ControlLayout.OUTCOME_VIOLATED);
    control.putInt(ControlLayout.RESULT_KIND, kind);
  }

  @Test
  void aPassWithItsNumbers() {
    control.putInt(ControlLayout.RESULT_OUTCOME, ControlLayout.OUTCOME_PASSED);
    control.putLong(ControlLayout.RESULT_HASH, 0x8000_0000_0000_0001L);
    control.putInt(ControlLayout.RESULT_POINTS, 10);
    control.putInt(ControlLayout.RESULT_SWITCHES, 11);
    control.putInt(ControlLayout.RESULT_COMMITS, 12);
    control.putInt(ControlLayout.RESULT_UNSEEN, 13);
    control.putInt(ControlLayout.RESULT_STEPS, 14);
    Run run = read();
    assertThat(run.passed()).isTrue();
    assertThat(run.hash()).isEqualTo(0x8000_0000_0000_0001L);
    assertThat(List.of(run.points(), run.switches(), run.commits(), run.unseen()))
        .containsExactly(10, 11, 12, 13);
    assertThat(run.steps()).isEqualTo(14);
    assertThat(run.ends()).isEmpty();
  }

  @Test
  void aViolationIsNamedByTheTarget() {
    violated(Kind.STALE_READ.number());
    control.putInt(ControlLayout.RESULT_ACTOR, 1);
    control.putInt(ControlLayout.RESULT_SITE_ID, 1);
    text(ControlLayout.RESULT_SITE, "queue.pop");
    text(ControlLayout.RESULT_DETAIL, "item 3 was freed\n");
    Run run = read();
    assertThat(run.verdict().found().orElseThrow())
        .hasToString("stale-read in queue.pop: item 3 was freed");
    assertThat(run.raisedBy()).contains("reader");
  }

  @Test
  void elseByItsPlaceInTheSource() {
    violated(Kind.HANG.number());
    control.putInt(ControlLayout.RESULT_SITE_ID, 2);
    control.putLong(ControlLayout.RESULT_PC, 0x11);
    assertThat(read().verdict().found().orElseThrow()).hasToString("hang in q.c:2: (at q.c:1)");
    control.putInt(ControlLayout.RESULT_SITE_ID, 0);
    assertThat(read().verdict().title().orElseThrow()).hasToString("hang in q.c:1");
    control.putLong(ControlLayout.RESULT_PC, 0);
    assertThat(read().verdict().title().orElseThrow())
        .hasToString("hang in code outside the target");
  }

  @Test
  void otherOutcomes() {
    text(ControlLayout.RESULT_DETAIL, "no AF_ALG");
    control.putInt(ControlLayout.RESULT_OUTCOME, ControlLayout.OUTCOME_UNSUPPORTED);
    assertThat(read().verdict()).isEqualTo(new Verdict.Unsupported("no AF_ALG"));
    control.putInt(ControlLayout.RESULT_OUTCOME, ControlLayout.OUTCOME_BROKEN);
    assertThat(read().verdict()).isEqualTo(new Verdict.Broken("no AF_ALG"));
    control.putInt(ControlLayout.RESULT_OUTCOME, 0);
    assertThat(read().verdict())
        .isEqualTo(new Verdict.Broken("the executor told no outcome: outcome=0"));
    violated(99);
    assertThat(read().verdict())
        .isEqualTo(new Verdict.Broken("the executor told an unknown kind: kind=99"));
  }

  @Test
  void endStatesSayWhoWaitsForWhat() {
    violated(Kind.DEADLOCK.number());
    int reader = ControlLayout.actorResult(1);
    control.putInt(reader + ControlLayout.ACTOR_STATE, 3);
    control.putInt(reader + ControlLayout.ACTOR_POINTS, 5);
    control.putInt(reader + ControlLayout.ACTOR_SITE, 2);
    text(reader + ControlLayout.ACTOR_WAITS, "a message on rpc");
    Run run = read();
    assertThat(run.ends().get(0)).hasToString("writer0 ready");
    assertThat(run.ends().get(1)).hasToString("reader parked at q.c:2 waits for a message on rpc");
    assertThat(run.ends().get(1).points()).isEqualTo(5);
  }

  @Test
  void fatesAreToldPerEventOfTheScenario() {
    Scenario scenario =
        Scenario.of("queue", "full", MemoryModel.WEAK)
            .withEvents(
                List.of(
                    Event.of("reader", 4, new Action.Stale(1)),
                    Event.of("writer0", 3, new Action.Hold(5)),
                    Event.of("writer2", 3, new Action.Hold(5))));
    fired(0, 2, 7, 1, 2);
    fired(1, 1, 4, 2, 0);
    Run run = read(scenario);
    assertThat(run.fired())
        .containsExactly(
            new Fired(Fired.Fate.MOOT, 4, "q.c:2", 0),
            new Fired(Fired.Fate.FIRED, 7, "q.c:1", 2),
            Fired.UNREACHED);
    assertThat(run.effective(scenario).events())
        .containsExactly(
            new Event(
                Event.of("writer0", 7, new Action.Hold(9)).at().withSite("q.c:1", 2),
                new Action.Hold(9)));
    assertThat(run.pinned(scenario).events()).hasSize(3);
  }

  private void fired(int index, int fate, int point, int site, int nth) {
    int at = ControlLayout.fired(index);
    control.putByte(at + ControlLayout.FIRED_FATE, (byte) fate);
    control.putInt(at + ControlLayout.FIRED_POINT, point);
    control.putInt(at + ControlLayout.FIRED_SITE, site);
    control.putInt(at + ControlLayout.FIRED_NTH, nth);
  }

  @Test
  void anAuditNamesItsPlaces() {
    control.putInt(ControlLayout.RESULT_OUTCOME, ControlLayout.OUTCOME_PASSED);
    control.putInt(ControlLayout.RESULT_UNANNOUNCED, 2);
    control.putLong(ControlLayout.RESULT_UNANNOUNCED_PC, 0x21);
    control.putLong(ControlLayout.RESULT_UNANNOUNCED_PC + 8, 0x5);
    assertThat(read().unannounced()).containsExactly("q.c:2", "offset 5");
  }

  @Test
  void theTraceIsReadFromTheRing() {
    step(0, 0, 2, 0x11);
    step(1, 2, 22, 0);
    var trace = new TraceReader(control, sites).read(actors, 2, 5);
    assertThat(trace.actors()).containsExactly("writer0", "reader", "executor");
    assertThat(trace.steps()).extracting("op").containsExactly(Op.STORE, Op.FAIL);
    assertThat(trace.steps().get(0).site()).isEqualTo("q.c:1");
    assertThat(trace.steps().get(0).value()).isEqualTo(0x11);
    assertThat(trace.cut()).isFalse();
    step(0, 1, 2, 0x22);
    var longer = new TraceReader(control, sites).read(actors, 1, 5);
    assertThat(longer.actors()).containsExactly("writer0", "reader");
  }

  @Test
  void aLongRunLosesItsFirstSteps() {
    long steps = ControlLayout.TRACE_STEPS + 2L;
    for (long i = 0; i < steps; i++) {
      step(i, 0, 2, i);
    }
    var trace = new TraceReader(control, sites).read(actors, steps, 5);
    assertThat(trace.cut()).isTrue();
    assertThat(trace.steps()).hasSize(ControlLayout.TRACE_STEPS);
    assertThat(trace.steps().get(0).value()).isEqualTo(2);
    assertThat(trace.steps().get(ControlLayout.TRACE_STEPS - 1).value()).isEqualTo(steps - 1);
  }

  private void step(long index, int actor, int op, long value) {
    int at = ControlLayout.step(index);
    control.putByte(at + ControlLayout.STEP_ACTOR, (byte) actor);
    control.putByte(at + ControlLayout.STEP_OP, (byte) op);
    control.putShort(at + ControlLayout.STEP_SITE, (short) 1);
    control.putLong(at + ControlLayout.STEP_VALUE, value);
  }
}
