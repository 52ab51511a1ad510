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
        Optional.ofNullable(expected).map(title -> title.replaceAll(".*[.]", "")),
        Optional.ofNullable(found),
        Optional.empty(),
        Optional.ofNullable(found).map(title -> "{ \"expect\": \"" + title + "\" }\n"),
        Optional.empty(),
        "no-barrier".equals(variant),
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
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("no libcompel"),
            false,
            0,
            0);
    List<Trial> trials =
        List.of(
            trial("full", null, null),
            trial("no-barrier", "stale-read in queue.pop", "stale-read in queue.pop"),
            trial("lost-on-wrap", "lost-message in queue.pop", null),
            trial("mutex", null, "hang in queue.lock"),
            trial("yield", null, "hang in queue.wait").seenOnce(),
            unsupported);
    Golden.assertMatches(
        "report/selftest.txt", SelftestTable.of(trials) + "\n" + SelftestTable.verdict(trials));
    assertThat(trials.stream().map(Trial::passed))
        .containsExactly(true, true, false, false, true, false);
  }

  @Test
  void whatMustBeKeptIsATable() throws IOException {
    List<Trial> trials =
        List.of(
            trial("full", null, null),
            trial("eager", "stale-read in queue.memory", "stale-read in queue.memory"),
            trial("lazy", "stale-read in queue.memory", "stale-read in queue.memory"),
            trial("deaf", "lost-signal in queue.pending", null),
            trial("mute", "lost-signal in queue.pending", "lost-signal in queue.pending"));
    KeptTable table =
        new KeptTable(
            List.of(
                KeptTable.row("queue", "memory", trials),
                KeptTable.row("queue", "pending", trials),
                KeptTable.row("queue", "timers", trials),
                KeptTable.row("ring", "memory", trials)));
    Golden.assertMatches("report/kept.txt", table.text());
    assertThat(table.rows().stream().map(KeptTable.Row::isEmpty))
        .containsExactly(false, false, true, true);
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
