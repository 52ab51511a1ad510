package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What criu does wrong, as a script that calls criu alone. The command itself has seen it fail. */
@Tag("process")
@Timeout(300)
class CriuExportTest {
  @TempDir Path temp;

  private static Path scenario(String name) {
    return Golden.home().resolve("corpus").resolve(name + ".json");
  }

  /** Something is lost; the dump is refused; a call fails, by strace; one of criu's own faults. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "criu/semaphore-lost",
        "criu/packet-mode",
        "criu/files-unread",
        "criu/parasite-left"
      })
  void itFailsWithoutCryofuzz(String name) throws Exception {
    Path file = temp.resolve("x.sh");
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name), "-o", file);
    assertThat(typed).isEqualTo(new Typed(0, file + "\n", ""));
    assertThat(Files.readString(file)).startsWith("#!/bin/sh\n").contains("call_criu dump -v4");
  }

  @ParameterizedTest
  @CsvSource({
    "criu/killed-dump, which takes a tracer",
    "criu/map-unchecked, would count the call of criu",
    "criu/umask-lost, a bug planted beside criu",
    "criu-images/no-mm, damaged input is made anew",
    "inject/red-zone, cryofuzz's own injector"
  })
  void whatIsNotPlainCriuIsRefused(String name, String reason) {
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name));
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err()).contains("can't export ", reason);
  }
}
