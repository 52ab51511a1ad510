package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlTest {
  private static final Event DELAY = Event.of("reader", 1, new Action.Delay(4));
  private static final Event TRIM = Event.of("reader", 2, new Action.Trim(3));
  private static final Map<String, Integer> DEFAULTS = Map.of("messages", 3, "writers", 1);

  private static Optional<Control.Plan> plan(Map<String, Integer> params, Event... events) {
    return Control.plan(scenario(params, events), DEFAULTS);
  }

  private static Scenario scenario(Map<String, Integer> params, Event... events) {
    return Scenario.of("queue", "full", MemoryModel.SC)
        .withParams(params)
        .withEvents(List.of(events));
  }

  @Test
  void withoutTheEventsThatDisturb() {
    assertThat(plan(DEFAULTS, DELAY, TRIM))
        .contains(
            new Control.Plan(
                "the events that disturb, with the others", scenario(DEFAULTS, DELAY)));
  }

  @Test
  void withoutAnyEventIfAllAreOfOneSort() {
    Map<String, Integer> params = Map.of("messages", 5);
    Optional<Control.Plan> expected = Optional.of(new Control.Plan("the events", scenario(params)));
    assertThat(plan(params, DELAY)).isEqualTo(expected);
    assertThat(plan(params, TRIM)).isEqualTo(expected);
  }

  @Test
  void withDefaultParamsIfThereIsNoEvent() {
    assertThat(plan(Map.of("messages", 5)))
        .contains(new Control.Plan("these params", scenario(DEFAULTS)));
  }

  @Test
  void nothingCanBeLeftOutOfTheDefaultRun() {
    assertThat(plan(DEFAULTS)).isEmpty();
    assertThat(plan(Map.of("messages", 3))).isEmpty();
  }

  @Test
  void whatFailsNeverthelessIsSaid() {
    Control control = new Control("the events", new Rate(2, 10));
    assertThat(control.text()).isEqualTo("2/10 without the events");
  }
}
