package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("process")
@Timeout(120)
class NativeReplayTest {
  private static final Path OWN =
      Golden.home().resolve("harness/build/test-targets/uncontrolled.so");

  @TempDir Path temp;

  private Path scenario(String target, String variant, String expect, String events)
      throws IOException {
    String expected = expect.isEmpty() ? "" : ", \"expect\": \"" + expect + "\"";
    return Files.writeString(
        temp.resolve("scenario.json"),
        """
        { "cryofuzz": 1, "target": "%s", "variant": "%s", "memory": "sc", "params": {},
          "events": [%s]%s }
        """
            .formatted(target, variant, events, expected));
  }

  private static Typed replay(Path file, Object... more) {
    Object[] words = {
      "replay", "--carrier", "native", "--times", 2000, "--target", OWN, file, "--strict"
    };
    Object[] all = new Object[words.length + more.length];
    System.arraycopy(words, 0, all, 0, words.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return Typed.on(new NativeBench(), all);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "passes||0|2,000  sum=2",
        "passes|stale-read in uncontrolled.left|5|left: not shown in 2,000 runs",
        "fails|stale-read in uncontrolled.left|1|left: shown in 2,000 of 2,000 runs",
        "fails||1|2,000  stale-read in uncontrolled.left",
        "in-the-end|invariant in uncontrolled.wrong|1|wrong: shown in 2,000 of 2,000 runs",
        "fails|invariant in uncontrolled.wrong|1|wrong: not shown in 2,000 runs",
      })
  void whatTheMachineShowsIsTold(String variant, String expect, int code, String said)
      throws Exception {
    Typed typed = replay(scenario("uncontrolled", variant, expect == null ? "" : expect, ""));
    assertThat(typed.out()).contains("2,000 runs on ").contains(said);
    assertThat(typed.code()).as(typed.err()).isEqualTo(code);
  }

  @Test
  void anExpectedFindingThatIsShownIsAsExpected() throws Exception {
    Path file = scenario("uncontrolled", "fails", "stale-read in uncontrolled.left", "");
    assertThat(replay(file, "--as-expected").code()).isZero();
  }

  @Test
  void eventsAreIgnoredAndThatIsSaid() throws Exception {
    String event = "{ \"at\": \"left#0\", \"do\": \"switch\", \"to\": \"right\" }";
    assertThat(replay(scenario("uncontrolled", "passes", "", event)).out())
        .contains("ignored   1 event, which nobody can cause here")
        .contains("left#0: switch to right");
  }

  @Test
  void whatCannotRunWithoutControlIsSaid() throws Exception {
    Typed typed = replay(scenario("mailbox", "strict", "", ""));
    assertThat(typed.out()).startsWith("SKIP ").contains("a target with channels");
    assertThat(typed.code()).isEqualTo(4);
  }

  @Test
  void nobodyElseCanRunSo() {
    Typed typed = Typed.on(new NativeBench(), "fuzz", "--carrier", "native", "--target", "queue");
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("'native' is no carrier, there are: process, fiber");
  }
}
