package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(60)
class TargetsTest {
  @TempDir Path home;
  private Path build;
  private Targets targets;

  @BeforeEach
  void build() throws IOException {
    build = Files.createDirectories(home.resolve("harness/build"));
    Path folder = Files.createDirectories(build.resolve("targets"));
    Files.writeString(folder.resolve("queue.so"), Descriptions.QUEUE_JSON);
    Files.writeString(folder.resolve("queue.sites"), "10 q.c:1\n");
    Files.writeString(folder.resolve("empty.so"), "");
    Files.writeString(folder.resolve("odd.so"), "{}");
    Files.move(ScriptedExecutor.compile(home).program(), build.resolve("executor"));
    targets = new Targets(home);
  }

  @Test
  void targetsAreFilesThatDescribeThemselves() throws IOException {
    assertThat(targets.names()).containsExactly("empty", "odd", "queue");
    assertThat(targets.describe("queue")).isEqualTo(Descriptions.QUEUE);
    Files.writeString(build.resolve("targets/queue.so"), "");
    assertThat(targets.describe("queue")).as("asked once").isEqualTo(Descriptions.QUEUE);
  }

  @Test
  void anExecutorIsOpenedByTheTargetsName() {
    try (Executor executor = targets.open("queue", NativeExecutor.Options.anywhere())) {
      assertThat(executor.target()).isEqualTo(Descriptions.QUEUE);
      Scenario scenario = Scenario.of("queue", "full", MemoryModel.SC);
      assertThat(executor.run(scenario, RunMode.KEPT).passed()).isTrue();
    }
  }

  @Test
  void anUnknownNameIsTheCallersMistake() {
    assertThatThrownBy(() -> targets.describe("quue"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("target=quue: unknown, there are empty, odd, queue");
    assertThatThrownBy(() -> targets.describe("../targets/queue"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotDescribeItselfIsOurs() {
    assertThatThrownBy(() -> targets.describe("empty"))
        .isInstanceOf(HarnessException.class)
        .hasMessageContaining("exit status 2")
        .hasMessageContaining("is no target");
    assertThatThrownBy(() -> targets.describe("odd"))
        .isInstanceOf(HarnessException.class)
        .hasMessageContaining("odd.so");
  }

  @Test
  void withoutABuildTheNextThingToTypeIsNamed() throws IOException {
    Files.delete(build.resolve("executor"));
    assertThatThrownBy(() -> targets.names())
        .isInstanceOf(HarnessException.class)
        .hasMessageContaining("type ./cryofuzz build");
  }
}
