package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.scenario.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a target with processes that nobody controls, which fails with one message. */
class ExplainCommandTest {
  private static final Title STALE = Title.parse("stale-read in queue.pop");

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void save() throws IOException {
    file = temp.resolve("scenario.json");
    Scenario failing = Scenario.of("queue", "no-barrier", MemoryModel.SC).withParam("messages", 1);
    Files.writeString(file, ScenarioJson.write(failing));
  }

  private static Run run(Scenario scenario) {
    return scenario.params().getOrDefault("messages", 3) == 1
        ? FakeExecutor.found(scenario, STALE)
        : FakeExecutor.pass(scenario);
  }

  private static Bench external() {
    return new FakeBench((scenario, mode) -> run(scenario), Descriptions.externalQueue());
  }

  @Test
  void itSaysWhatItTakesAndWhereTheRunsPart() {
    Typed typed = Typed.on(external(), "explain", file);
    assertThat(typed.code()).isZero();
    assertThat(typed.out())
        .contains("it takes\n  messages=1, how many each writes\n")
        .contains("without these params");
  }

  @Test
  void stoppedItSaysWhatItKnows() {
    Stop stop = new Stop();
    Bench bench =
        new FakeBench(
            (scenario, mode) -> {
              if (scenario.params().getOrDefault("messages", 3) == 3) {
                stop.ask();
              }
              return run(scenario);
            },
            Descriptions.externalQueue());
    Typed typed = Typed.on(bench, stop, "explain", file);
    assertThat(typed.err()).contains("stopped: what had not been tried by then is undecided");
    assertThat(typed.out()).contains("10 of 10").contains("undecided").contains("it was stopped");
  }

  @Test
  void whatIsFrozenNeedlesslyIsLeftOut() throws IOException {
    Event freeze = Event.of("reader", 5, new Action.Infect(Action.Infect.INJECT, 1, Where.step(0)));
    Scenario frozen =
        Scenario.of("queue", "no-barrier", MemoryModel.SC)
            .withParam("messages", 1)
            .withEvents(List.of(freeze));
    Files.writeString(file, ScenarioJson.write(frozen));
    Typed typed = Typed.on(new FakeBench((scenario, mode) -> run(scenario)), "explain", file);
    assertThat(typed.out())
        .contains("it fails without this, too: reader#5: infect")
        .doesNotContain("no freeze");
  }
}
