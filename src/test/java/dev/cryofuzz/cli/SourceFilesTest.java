package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import org.junit.jupiter.api.Test;

class SourceFilesTest {
  private final SourceFiles files = new SourceFiles(Golden.home());

  private static Scenario of(String target) {
    return Scenario.of(target, "any", MemoryModel.SC);
  }

  @Test
  void ofSeveralThatOfTheTargetIsTaken() {
    assertThat(files.find("queue.c", of("queue"))).contains("harness/targets/queue.c");
    assertThat(files.find("disturb.c", of("compel"))).contains("harness/targets/compel/disturb.c");
    assertThat(files.find("disturb.c", of("inject"))).contains("harness/targets/inject/disturb.c");
    assertThat(files.find("disturb.c", of("queue"))).isEmpty();
    assertThat(files.find("nowhere.c", of("queue"))).isEmpty();
  }
}
