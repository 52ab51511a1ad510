package dev.cryofuzz.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TitleTest {
  @ParameterizedTest
  @ValueSource(strings = {"stale-read in queue.pop", "crash in a in b", "hang in queue.c:57"})
  void textReadsBack(String text) {
    assertThat(Title.parse(text).text()).isEqualTo(text);
  }

  @Test
  void kindEndsAtTheFirstIn() {
    assertThat(Title.parse("crash in a in b")).isEqualTo(new Title(Kind.CRASH, "a in b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stale-read", "stale-read in ", "nonsense in queue.pop", " in x"})
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> Title.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anErrorNamesTheUnknownKind() {
    assertThatThrownBy(() -> Title.parse("slow-read in x"))
        .hasMessage("title=slow-read in x: unknown kind slow-read");
  }

  @Test
  void aVerdictGivesItsTitle() {
    Finding finding = new Finding(Title.parse("hang in lock"), "reader spins");
    assertThat(new Verdict.Found(finding).title()).contains(finding.title());
    assertThat(new Verdict.Pass().title()).isEmpty();
    assertThat(new Verdict.Broken("no memory").found()).isEmpty();
    assertThat(finding).hasToString("hang in lock: reader spins");
  }
}
