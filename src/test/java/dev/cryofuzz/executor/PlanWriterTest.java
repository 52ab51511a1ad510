package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Errno;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Signal;
import dev.cryofuzz.scenario.Where;
import dev.cryofuzz.sys.SharedMemory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanWriterTest {
  private final SharedMemory control = SharedMemory.create("test", ControlLayout.CONTROL_SIZE);
  private final Sites sites = Sites.parse(List.of("10 q.c:1", "20 q.c:2"));
  private final PlanWriter plan =
      new PlanWriter(control, Descriptions.QUEUE, sites, new Cast(Descriptions.QUEUE));
  private final Scenario bare = Scenario.of("queue", "no-barrier", MemoryModel.WEAK);

  @AfterEach
  void close() {
    control.close();
  }

  private String written(Scenario scenario, RunMode mode) {
    plan.write(scenario, mode);
    return IntStream.range(0, control.getInt(ControlLayout.PLAN_EVENTS))
        .mapToObj(i -> event(ControlLayout.event(i)))
        .reduce("", (all, event) -> all + event + "\n");
  }

  private String event(int at) {
    return "op=%d actor=%d by_site=%d point=%d site=%d nth=%d arg=%d value=%d"
        .formatted(
            control.getByte(at + ControlLayout.EVENT_OP),
            control.getByte(at + ControlLayout.EVENT_ACTOR),
            control.getByte(at + ControlLayout.EVENT_BY_SITE),
            control.getInt(at + ControlLayout.EVENT_POINT),
            control.getInt(at + ControlLayout.EVENT_SITE),
            control.getInt(at + ControlLayout.EVENT_NTH),
            control.getInt(at + ControlLayout.EVENT_ARG),
            control.getLong(at + ControlLayout.EVENT_VALUE));
  }

  @Test
  void headOfThePlan() {
    plan.write(bare.withParam("messages", 5), RunMode.FRESH.withFeedback());
    assertThat(control.getInt(ControlLayout.PLAN_VARIANT)).isEqualTo(1);
    assertThat(control.getInt(ControlLayout.PLAN_MEMORY)).isEqualTo(2);
    assertThat(control.getInt(ControlLayout.PLAN_FLAGS)).isEqualTo(ControlLayout.PLAN_FEEDBACK);
    assertThat(control.getInt(ControlLayout.PLAN_BUDGET)).isEqualTo(PlanWriter.BUDGET);
    assertThat(control.getInt(ControlLayout.PLAN_PARAMS)).as("writers").isEqualTo(1);
    assertThat(control.getInt(ControlLayout.PLAN_PARAMS + 4)).as("messages").isEqualTo(5);
    assertThat(control.getInt(ControlLayout.PLAN_EVENTS)).isZero();
  }

  @Test
  void eventsAreSortedByActorAsScheduledThenPoint() {
    Scenario scenario =
        bare.withParam("writers", 2)
            .withEvents(
                List.of(
                    Event.of("writer1", 3, new Action.Delay(7)),
                    Event.of("reader", 9, new Action.Stale(2)),
                    Event.of("reader", 4, new Action.Switch("writer1")),
                    Event.of("writer0", 4, new Action.Hold(6))));
    assertThat(written(scenario, RunMode.KEPT))
        .isEqualTo(
            """
            op=4 actor=0 by_site=0 point=4 site=0 nth=0 arg=2 value=0
            op=2 actor=1 by_site=0 point=3 site=0 nth=0 arg=7 value=0
            op=1 actor=2 by_site=0 point=4 site=0 nth=0 arg=1 value=0
            op=3 actor=2 by_site=0 point=9 site=0 nth=0 arg=2 value=0
            """);
    assertThat(scenario.events().get(plan.scenarioIndex(2)).action())
        .isEqualTo(new Action.Switch("writer1"));
  }

  @Test
  void aFreezeHasItsCommandsAndInstructions() {
    Scenario scenario =
        bare.withEvents(
            List.of(Event.of("reader", 4, new Action.Infect("inject", 2, Where.step(7)))));
    assertThat(written(scenario, RunMode.KEPT))
        .isEqualTo("op=15 actor=1 by_site=0 point=4 site=0 nth=0 arg=1794 value=0\n");
  }

  @Test
  void stopsAndFaultsHaveTheirNumbers() {
    Scenario scenario =
        bare.withEvents(
            List.of(
                Event.of("reader", 0, new Action.Stop("cgroup", Where.INSIDE)),
                Event.of("reader", 1, new Action.Stop("SIGSTOP", Where.HERE)),
                Event.of("reader", 2, new Action.Fail(Errno.ECONNRESET)),
                Event.of("reader", 3, new Action.Short(7)),
                Event.of("reader", 4, new Action.Signalled(Signal.SIGTERM)),
                Event.of("reader", 5, new Action.Kill()),
                Event.of("reader", 6, new Action.Expire())));
    assertThat(written(scenario, RunMode.KEPT))
        .isEqualTo(
            """
            op=17 actor=1 by_site=0 point=0 site=0 nth=0 arg=16641 value=0
            op=17 actor=1 by_site=0 point=1 site=0 nth=0 arg=0 value=0
            op=18 actor=1 by_site=0 point=2 site=0 nth=0 arg=104 value=0
            op=19 actor=1 by_site=0 point=3 site=0 nth=0 arg=7 value=0
            op=20 actor=1 by_site=0 point=4 site=0 nth=0 arg=15 value=0
            op=21 actor=1 by_site=0 point=5 site=0 nth=0 arg=0 value=0
            op=22 actor=1 by_site=0 point=6 site=0 nth=0 arg=0 value=0
            """);
  }

  @Test
  void everyActionOfMessagesHasItsArgument() {
    Scenario scenario =
        bare.withEvents(
            List.of(
                Event.of("reader", 0, new Action.Trim(4)),
                Event.of("reader", 1, new Action.Extend(5)),
                Event.of("reader", 2, new Action.Split(6)),
                Event.of("reader", 3, new Action.Rewrite("ack", 0xffff_ffffL)),
                Event.of("reader", 4, new Action.StrayFd())));
    assertThat(written(scenario, RunMode.KEPT))
        .isEqualTo(
            """
            op=5 actor=1 by_site=0 point=0 site=0 nth=0 arg=4 value=0
            op=6 actor=1 by_site=0 point=1 site=0 nth=0 arg=5 value=0
            op=7 actor=1 by_site=0 point=2 site=0 nth=0 arg=6 value=0
            op=13 actor=1 by_site=0 point=3 site=0 nth=0 arg=1 value=4294967295
            op=14 actor=1 by_site=0 point=4 site=0 nth=0 arg=0 value=0
            """);
  }

  @Test
  void sitesAreUsedOnlyWhenAskedForAndKnown() {
    Event known = Event.of("reader", 4, new Action.Stale(1));
    Event gone = Event.of("reader", 5, new Action.Stale(1));
    Scenario scenario =
        bare.withEvents(
            List.of(
                known.withAt(known.at().withSite("q.c:2", 3)),
                gone.withAt(gone.at().withSite("q.c:99", 0))));
    assertThat(written(scenario, RunMode.KEPT)).contains("by_site=0 point=4 site=0 nth=3");
    assertThat(written(scenario, RunMode.KEPT.anchoredBySite()))
        .contains("by_site=1 point=4 site=2 nth=3")
        .contains("by_site=0 point=5 site=0 nth=0");
  }

  @Test
  void eventsOfActorsThatDoNotPlayAreLeftOut() {
    Scenario scenario =
        bare.withEvents(
            List.of(
                Event.of("writer3", 0, new Action.Delay(1)),
                Event.of("reader", 0, new Action.Switch("writer2")),
                Event.of("reader", 1, new Action.Delay(1))));
    assertThat(written(scenario, RunMode.KEPT)).startsWith("op=2 actor=1").hasLineCount(1);
    assertThat(plan.events()).isEqualTo(1);
    assertThat(plan.scenarioIndex(0)).isEqualTo(1);
  }

  @Test
  void whatTheTargetDoesNotHaveIsRefused() {
    assertRefused(Scenario.of("ring", "full", MemoryModel.SC), "target=ring");
    assertRefused(bare.withVariant("nope"), "variant=nope");
    assertRefused(bare.withParam("colour", 1), "param=colour");
    assertRefused(bare.withParam("writers", 99), "writers=99");
  }

  private void assertRefused(Scenario scenario, String why) {
    assertThatThrownBy(() -> plan.write(scenario, RunMode.KEPT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
