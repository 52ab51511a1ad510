package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CensusTest {
  private static final Shape SHAPE =
      new Shape(
          "inject",
          "careful",
          MemoryModel.WEAK,
          List.of(new Role("injector", java.util.Optional.empty())),
          List.of(new Param("place", 0, 2, 0)),
          List.of("cmd"),
          List.of("external"));

  private static Census.Row row(String step, long messages, Map<ActionType, Census.Cell> known) {
    List<Census.Cell> cells = new ArrayList<>();
    cells.add(new Census.Cell(Census.NONE, 1_200, 0, Map.of("place=0", 1_200L)));
    // Those that come later have no place in golden files.
    for (int number = 1; number <= ActionType.CHECKPOINT.number(); number++) {
      ActionType type = ActionType.of(number).orElseThrow();
      cells.add(known.getOrDefault(type, new Census.Cell(type.text(), 0, 0, Map.of())));
    }
    return new Census.Row(step, 1_234, messages, 0, 0, cells);
  }

  private static Census census() {
    Map<String, Long> states = new LinkedHashMap<>();
    states.put("place=0", 1_230L);
    states.put("place=1", 4L);
    states.put("place=2", 0L);
    return new Census(
        1_234,
        states,
        List.of(
            row("stop", 0, Map.of()),
            row(
                "connect",
                1_234,
                Map.of(
                    ActionType.TRIM,
                    new Census.Cell("trim", 34, 2, Map.of("place=0", 34L)),
                    ActionType.MERGE,
                    new Census.Cell("merge", 0, 7, Map.of())))));
  }

  @Test
  void eachZeroHasItsReason() throws IOException {
    Golden.assertMatches("report/counts.txt", CensusTable.of(SHAPE, census()));
  }

  @Test
  void programsGetLines() throws IOException {
    String lines = CensusJson.of(SHAPE, census());
    Golden.assertMatches("report/counts.jsonl", lines);
    assertThat(lines.lines())
        .allMatch(line -> line.contains("\"runs\":0,") == line.contains("reason"));
  }
}
