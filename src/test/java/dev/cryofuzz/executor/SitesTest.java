package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitesTest {
  private static final Sites SITES =
      Sites.parse(
          List.of(
              "1100 queue.c:41",
              "1108 queue.c:9",
              "1110 queue.c:41",
              "1110 ring.h:7",
              "1200 queue.c:100"));

  @Test
  void idsCountPlacesInByteOrderFromOne() {
    assertThat(SITES.places())
        .containsExactly("queue.c:100", "queue.c:41", "queue.c:9", "ring.h:7");
    assertThat(SITES.place(1)).isEqualTo("queue.c:100");
    assertThat(SITES.id("queue.c:41")).contains(2);
    assertThat(SITES.place(4)).isEqualTo("ring.h:7");
  }

  @Test
  void unknownIdsAndPlacesAreNotGuessed() {
    assertThat(SITES.place(0)).isEmpty();
    assertThat(SITES.place(5)).isEmpty();
    assertThat(SITES.id("queue.c:42")).isEmpty();
  }

  @Test
  void anInstructionBelongsToTheLastLineAtOrBeforeIt() {
    assertThat(SITES.placeOf(0x10ff)).isEmpty();
    assertThat(SITES.placeOf(0x1100)).isEqualTo("queue.c:41");
    assertThat(SITES.placeOf(0x1107)).isEqualTo("queue.c:41");
    assertThat(SITES.placeOf(0x1108)).isEqualTo("queue.c:9");
    assertThat(SITES.placeOf(0x1110)).isEqualTo("ring.h:7");
    assertThat(SITES.placeOf(0x1111)).isEqualTo("ring.h:7");
    assertThat(SITES.placeOf(0x9999)).isEqualTo("queue.c:100");
  }

  @Test
  void aMissingFileTellsWhatToType() {
    assertThatThrownBy(() -> Sites.read(Path.of("/no/such.sites")))
        .isInstanceOf(HarnessException.class)
        .hasMessageContaining("./cryofuzz build");
  }

  @Test
  void aLineOfAnotherFormIsShown() {
    assertThatThrownBy(() -> Sites.parse(List.of("1100"))).hasMessageContaining("line=1100");
    assertThatThrownBy(() -> Sites.parse(List.of("xyz a.c:1")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
