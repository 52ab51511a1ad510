package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StretchesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          rows | interesting | stretches
          0    | -           | -
          10   | 0,9         | 0-10
          44   | 0,43        | 0-44
          46   | 0,45        | 0-13 (13-33) 33-46
          300  | 0,150,299   | 0-13 (13-138) 138-163 (163-287) 287-300
          300  | 0,30,60,299 | 0-73 (73-287) 287-300
          2500 | 0           | 0-13 (13-1013) (1013-2013) (2013-2500)
          """,
      useHeadersInDisplayName = true)
  void farRowsAreFolded(int rows, String interesting, String stretches) {
    assertThat(text(Stretches.of(rows, rowsOf(interesting))))
        .isEqualTo(stretches == null ? "" : stretches);
  }

  private static Set<Integer> rowsOf(String text) {
    return text == null
        ? Set.of()
        : List.of(text.split(",")).stream().map(Integer::valueOf).collect(Collectors.toSet());
  }

  private static String text(List<Stretches.Stretch> stretches) {
    return stretches.stream().map(StretchesTest::text).collect(Collectors.joining(" "));
  }

  private static String text(Stretches.Stretch stretch) {
    String range = stretch.from() + "-" + stretch.to();
    return stretch.folded() ? "(" + range + ")" : range;
  }
}
