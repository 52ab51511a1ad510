package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.scenario.MemoryModel;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConsoleTest {
  private static final Job JOB =
      new Job(Descriptions.QUEUE, Descriptions.QUEUE.variant("full"), MemoryModel.WEAK);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean terminal, boolean colour) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminal,
        colour);
  }

  @Test
  void everythingElseGoesAboveTheStatus() {
    Console console = console(true, false);
    console.status("one");
    console.status("two");
    console.data("FOUND");
    console.say("talk");
    assertThat(err).hasToString("\r\033[Kone\r\033[Ktwo\r\033[Ktalk\n");
    assertThat(out).hasToString("FOUND\n");
  }

  /** Standard output is such a file, and one command prints to it. */
  private static Typed schemaTo(String file) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (StandardOutput out = new StandardOutput(new FileOutputStream(file))) {
      Console console = Console.on(out, new PrintStream(said), false, false);
      Bench bench = new FakeBench((scenario, mode) -> FakeExecutor.pass(scenario));
      Surroundings around = new Surroundings(console, bench, new Stop(), Map.of());
      return new Typed(new Shell(around).run("schema", "finding"), "", said.toString());
    }
  }

  @Test
  void whatDoesNotFitOnTheDiskIsSaid() throws Exception {
    assertThat(schemaTo("/dev/null")).isEqualTo(new Typed(0, "", ""));
    assertThat(schemaTo("/dev/full"))
        .isEqualTo(
            new Typed(
                3, "", "cryofuzz: cannot write to standard output: No space left on device\n"));
  }

  @Test
  void whoReadsNoMoreHasEnough() {
    StandardOutput out =
        new StandardOutput(
            new OutputStream() {
              @Override
              public void write(int letter) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    Console console = Console.on(out, new PrintStream(err), false, false);
    console.data("more");
    assertThat(console.fault()).isEmpty();
  }

  @Test
  void coloursOnlyForThoseWhoSeeThem() {
    assertThat(console(false, false).good("PASS")).isEqualTo("PASS");
    assertThat(console(false, true).bad("FAIL")).isEqualTo("\033[31;1mFAIL\033[0m");
  }

  @Test
  void elsewhereALineComesEveryTenSeconds() {
    StatusLine status = new StatusLine(console(false, false));
    for (int second = 0; second <= 25; second++) {
      Progress progress = new Progress(1000L * second, 0, 0, 0, 3, 40);
      status.tick(JOB, Duration.ofSeconds(second), progress, 1);
    }
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "0:00:10  10,000 runs  1,000 runs/s  corpus 3  features 40  findings 1  queue-full-weak",
            "0:00:20  20,000 runs  1,000 runs/s  corpus 3  features 40  findings 1  queue-full-weak");
  }

  @Test
  void onATerminalItNeverWraps() {
    StatusLine status = new StatusLine(console(true, false));
    status.tick(JOB, Duration.ofHours(100), new Progress(1L << 40, 0, 0, 0, 9999, 9999), 99);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("\r\033[K100:00:00")
        .hasSize(4 + 79);
  }

  @Test
  void theLastLineTellsTheSpeedFromTheFirstRunOn() {
    StatusLine status = new StatusLine(console(false, false));
    status.tick(JOB, Duration.ofSeconds(2), new Progress(1, 0, 0, 0, 0, 0), 0);
    assertThat(status.last(Duration.ofSeconds(12), new Progress(5000, 0, 0, 0, 7, 8), 2))
        .isEqualTo("0:00:12  5,000 runs  500 runs/s  corpus 7  features 8  findings 2");
  }

  @ParameterizedTest
  @CsvSource({"30s,30", "30,30", "5m,300", "1h,3600", "1h30m,5400", "1m5s,65"})
  void durations(String text, long seconds) {
    assertThat(new DurationOption().convert(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "3x", "-5s", "5 s", "1.5h", "0s", "99999999999999999999s"})
  void noDurations(String text) {
    assertThatThrownBy(() -> new DurationOption().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("30s");
  }
}
