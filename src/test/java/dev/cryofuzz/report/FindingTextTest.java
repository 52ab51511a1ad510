package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingTextTest {
  @Test
  void theConsoleShowsTheFinding() throws IOException {
    Golden.assertMatches(
        "report/console.txt", FindingText.of(Samples.report(), "findings/stale-read-in-queue-pop"));
  }

  @Test
  void hostileTextsCannotDriveTheTerminal() throws IOException {
    String text = FindingText.of(Samples.hostile(), "it's $HOME");
    Golden.assertMatches("report/hostile/console.txt", text);
    assertThat(text).doesNotContain("\u001b");
  }

  @Test
  void theReplayCommandCanBePasted() {
    assertThat(FindingText.replayCommand(Samples.scenario(), "findings/a"))
        .isEqualTo("./cryofuzz replay findings/a");
    assertThat(FindingText.replayCommand(Samples.scenario(), "it's $HOME"))
        .isEqualTo("./cryofuzz replay 'it'\\''s $HOME'");
  }

  @Test
  void theReplayCommandNamesATargetOfOnesOwn() {
    Scenario scenario = Samples.scenario().withLibrary(Optional.of("./my own.so"));
    assertThat(FindingText.replayCommand(scenario, "f"))
        .isEqualTo("./cryofuzz replay --target './my own.so' f");
  }
}
