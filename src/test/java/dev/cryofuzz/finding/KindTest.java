package dev.cryofuzz.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.HeaderEnum;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KindTest {
  @Test
  void numbersAreThoseOfTheHeader() throws Exception {
    List<String> header = HeaderEnum.names("cryofuzz.h", "cf_kind", "CF_");
    assertThat(header).startsWith("NO_KIND").endsWith("KINDS");
    assertThat(header.subList(1, header.size() - 1))
        .isEqualTo(Arrays.stream(Kind.values()).map(Kind::name).toList());
    for (Kind kind : Kind.values()) {
      assertThat(header.get(kind.number())).isEqualTo(kind.name());
      assertThat(Kind.of(kind.number())).contains(kind);
    }
    assertThat(Kind.of(0)).isEmpty();
    assertThat(Kind.of(Kind.values().length + 1)).isEmpty();
  }

  @Test
  void textsReadBackAndLookAsInTheDesign() {
    assertThat(Arrays.stream(Kind.values()).map(Kind::text))
        .contains("saved-data-modified", "stale-read", "kernel-log", "bad-accept")
        .allSatisfy(text -> assertThat(Kind.of(text).orElseThrow().text()).isEqualTo(text));
    assertThat(Kind.of("STALE_READ")).isEmpty();
  }

  @Test
  void everyKindHasItsOwnRank() {
    Set<Integer> ranks = new HashSet<>();
    assertThat(Kind.values()).allSatisfy(kind -> assertThat(ranks.add(kind.rank())).isTrue());
  }

  @Test
  void causesRankAboveWhatFollows() {
    List<Kind> chain =
        List.of(
            Kind.SAVED_DATA_MODIFIED,
            Kind.TRIMMED_MESSAGE,
            Kind.STALE_READ,
            Kind.DOUBLE_FREE,
            Kind.CRASH,
            Kind.LOST_WAKEUP,
            Kind.DEADLOCK,
            Kind.LEAK);
    assertThat(chain).extracting(Kind::rank).isSorted();
  }
}
