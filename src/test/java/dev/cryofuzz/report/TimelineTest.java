package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final Trace trace = Samples.trace();
  private final Scenario scenario = Samples.scenario();

  @Test
  void stepsThatRepeatAreOneLine() {
    assertThat(Timeline.text(trace, scenario)).contains("#4 load +0x100 = 0 ×2");
  }

  @Test
  void yieldsAreLeftOut() {
    assertThat(Timeline.text(trace, scenario)).doesNotContain("yield");
  }

  @Test
  void anEventIsMarkedWhereItTookEffect() {
    assertThat(Timeline.text(trace, scenario).lines().filter(line -> line.contains("<==")))
        .singleElement()
        .asString()
        .endsWith("queue.c:57  <== stale back 1");
  }

  @Test
  void anEventThatOnlyTheExecutorKnowsIsMarkedToo() {
    Scenario other =
        scenario.withEvents(List.of(Event.of("writer0", 2, new Action.Switch("reader"))));
    assertThat(Timeline.text(trace, other)).contains("queue.c:57  <== event");
  }

  @Test
  void theEndOfALongRunIsKept() {
    String text = Timeline.text(trace, scenario, 2);
    assertThat(text).contains("8 earlier lines left out").contains("fail").doesNotContain("#0");
  }

  @Test
  void lostStepsAreSaid() {
    Trace cut = new Trace(trace.actors(), trace.steps(), 1, true);
    assertThat(Timeline.text(cut, scenario)).contains("earlier steps are lost");
  }
}
