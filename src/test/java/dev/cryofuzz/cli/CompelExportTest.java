package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What libcompel does wrong, as a program for its maintainers. The command itself builds it by the
 * commands in its head, and sees it fail, and its control not.
 */
@Tag("process")
@Timeout(300)
class CompelExportTest {
  @TempDir Path temp;

  private static Path scenario(String name) {
    return Golden.home().resolve("corpus/compel").resolve(name + ".json");
  }

  /**
   * Damaged frame, state of the victim, failing call, stranger, signal, another's child, a death.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "long-ack",
        "ignored-trap",
        "descriptor-stays",
        "stranger-as-parasite",
        "stop-forgotten",
        "child-of-the-spy",
        "spy-killed-in-call"
      })
  void itFailsWithoutCryofuzz(String name) throws Exception {
    Path file = temp.resolve("x.c");
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name), "-o", file);
    assertThat(typed).isEqualTo(new Typed(0, file + "\n", ""));
    assertThat(Files.readString(file))
        .startsWith("/* ")
        .contains("compel_infect(ctl, 1,", "./x control")
        .doesNotContain("//=", "//:");
  }

  @ParameterizedTest
  @CsvSource({
    "register-after-over-long-command, a bug planted in libcompel's caller",
    "sequence-lost, where its victim stands has no counterpart",
    "log-waits, where its tracer and its parasite write to has no counterpart",
    "log-signals, where its tracer and its parasite write to has no counterpart",
    "awaits-dead, has no counterpart",
    "one-leader, has no counterpart"
  })
  void whatIsNotLibcompelsOrNoPlainCIsRefused(String name, String reason) throws Exception {
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name));
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err()).contains("can't export compel: ", reason);
  }

  /** One that fails in its control too, or not at all, is not given out. */
  @Test
  void aProgramThatDoesNotFailIsFound() throws Exception {
    Path file = temp.resolve("x.c");
    Typed.on(new NativeBench(), "export", scenario("ignored-trap"), "-o", file);
    String harmless = Files.readString(file).replace("signal(SIGTRAP, SIG_IGN)", "(void)0");
    CompelTrial trial =
        new CompelTrial(Compel.used().orElseThrow(), Facts.path("gcc").findFirst().orElseThrow());
    assertThat(
            trial.fault(
                harmless, dev.cryofuzz.finding.Title.parse("state-changed in compel.dispositions")))
        .hasValueSatisfying(said -> assertThat(said).contains("exit status 0: does not fail"));
  }
}
