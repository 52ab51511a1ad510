package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.Golden;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
  private static Trial trial(String variant, String expected, String found) {
    return new Trial(
        "queue",
        variant,
        "weak",
        Optional.ofNullable(expected),
        Optional.ofNullable(found),
        Optional.empty(),
        123_456,
        2_345);
  }

  @Test
  void theSelftestIsATable() throws IOException {
    Trial unsupported =
        new Trial(
            "compel",
            "cure",
            "sc",
            Optional.empty(),
            Optional.empty(),
            Optional.of("no libcompel"),
            0,
            0);
    List<Trial> trials =
        List.of(
            trial("full", null, null),
            trial("no-barrier", "stale-read in queue.pop", "stale-read in queue.pop"),
            trial("lost-on-wrap", "lost-message in queue.pop", null),
            unsupported);
    Golden.assertMatches("report/selftest.txt", SelftestTable.of(trials));
    assertThat(trials.stream().map(Trial::passed)).containsExactly(true, true, false, false);
  }

  @Test
  void numbersLeanRightAndCellsAreEscaped() {
    Table table = new Table("what", "n").row("a|b", 5).row("c", 10_000);
    assertThat(table.text()).isEqualTo("what      n\na|b       5\nc     10000\n");
    assertThat(table.markdown())
        .isEqualTo("| what | n |\n| --- | ---: |\n| a\\|b | 5 |\n| c | 10000 |\n");
  }

  @Test
  void aRowHasAsManyCellsAsTheHeader() {
    assertThatThrownBy(() -> new Table("a", "b").row("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cells=1: expected 2");
  }
}
