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

@Tag("process")
@Timeout(120)
class OutcomesCommandTest {
  private static final Path GRADED = Golden.home().resolve("harness/build/test-targets/graded.so");

  @TempDir Path temp;

  private Typed outcomes(Object... words) {
    Object[] all = new Object[words.length + 3];
    System.arraycopy(words, 0, all, 1, words.length);
    all[0] = "outcomes";
    all[words.length + 1] = "--out";
    all[words.length + 2] = temp.resolve("out");
    return Typed.on(new NativeBench(), all);
  }

  /** The litmus test, what it can end with under each model, and how many fail. */
  @ParameterizedTest
  @CsvSource({
    "sb, sc, 0, all 35 runs with at most 7 events (switches); there are no others",
    "sb, x86, 1, there are no others",
    "mp, x86, 0, '(switches, held stores); there are no others'",
    "mp, weak, 1, '(switches, held stores, stale loads); there are no others'",
    "mp-release-acquire, weak, 0, there are no others"
  })
  void aLitmusTestComesToItsEnd(String variant, String memory, int code, String said) {
    Typed typed = outcomes("litmus", "--variant", variant, "--memory", memory);
    assertThat(typed.err()).isEmpty();
    assertThat(typed.out()).contains(said).doesNotContain("a part of");
    assertThat(typed.code()).isEqualTo(code);
  }

  @Test
  void eachOutcomeHasAScenarioThatReplays() throws Exception {
    outcomes("litmus", "--variant", "mp", "--memory", "weak");
    Path folder = temp.resolve("out/litmus-mp-weak");
    Typed replayed = Typed.on(new NativeBench(), "replay", "--as-expected", folder);
    assertThat(replayed)
        .extracting(Typed::code, Typed::err)
        .containsExactly(0, "4 passed, 0 failed\n");
    Path stale = folder.resolve("03-r0-1-r1-0.json");
    assertThat(Files.readString(stale)).contains("\"expect\": \"invariant in litmus.mp\"");
    assertThat(Typed.on(new NativeBench(), "show", stale).out()).contains("outcome r0=1 r1=0\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenient|weak|0|left=0 right=0 +[0-9]+ +interesting +both stores came late",
        "lenient|sc|0|left=0 right=0 +never +interesting +both stores came late",
        "lenient|sc|0|left=3 right=3 +never +interesting +nobody stores that",
        "strict|x86|1|left=0 right=0 +[0-9]+ +expected +both stores came late",
        "strict|sc|0|left=0 right=0 +never +forbidden +both stores came late",
        "forgetful|sc|1|left=1 right=1 +[0-9]+ +expected +invariant in graded.unlisted",
        "forgetful|weak|1|left=0 right=0 +[0-9]+ +forbidden +both stores came late"
      })
  void theTargetsOwnListGradesThem(String variant, String memory, int code, String row) {
    Typed typed = outcomes(GRADED, "--variant", variant, "--memory", memory);
    assertThat(typed.out()).containsPattern(row);
    assertThat(typed.code()).as(typed.err()).isEqualTo(code);
  }

  @Test
  void whatWasNotMadeIsNotCalledNever() {
    Typed typed = outcomes(GRADED, "--memory", "weak", "--runs", 50);
    assertThat(typed.out())
        .containsPattern("left=3 right=3 +not seen")
        .contains("what is not seen may come all the same")
        .doesNotContain("never")
        .doesNotContain("no others");
  }

  @Test
  void aScenarioIsExploredWithItsEvents() throws Exception {
    outcomes("litmus", "--variant", "sb", "--memory", "sc");
    Path file = temp.resolve("out/litmus-sb-sc/02-r0-1-r1-0.json");
    Typed typed = outcomes(file, "--format", "json");
    assertThat(typed.out()).contains("\"exhausted\" : true", "\"completeRuns\" : 20");
    assertThat(typed.code()).isZero();
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThat(outcomes("litmus", "--variant", "pm").code()).isEqualTo(2);
    assertThat(outcomes("litmus", "--memory", "strong").code()).isEqualTo(2);
    assertThat(outcomes("nothing").code()).isEqualTo(2);
    assertThat(outcomes("queue", "--param", "messages=99").code()).isEqualTo(2);
    assertThat(outcomes("queue", "--param", "letters=1").code()).isEqualTo(2);
    assertThat(outcomes("inject").code()).isEqualTo(4);
  }
}
