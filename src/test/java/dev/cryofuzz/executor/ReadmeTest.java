package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of targets in README: good variants by name, bad ones by name or by their number. */
@Tag("process")
class ReadmeTest {
  private static final Targets TARGETS = Targets.here();
  private static final Pattern NAME = Pattern.compile("`([a-z][a-z0-9-]*)`");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  static Stream<String> targets() {
    return TARGETS.names().stream();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void itTellsEveryVariantOrHowManyThereAre(String name) throws IOException {
    TargetDescription target = TARGETS.describe(name);
    String[] cells = row(name);
    assertThat(names(cells[3])).isEqualTo(variants(target, true));

    Set<String> bad = variants(target, false);
    String told = cells[4].strip();
    if (Character.isDigit(told.charAt(0))) {
      assertThat(first(NUMBER, told)).isEqualTo(String.valueOf(bad.size()));
      assertThat(bad).containsAll(names(told));
    } else {
      assertThat(names(told)).isEqualTo(bad);
    }
  }

  private static String[] row(String name) throws IOException {
    List<String> lines = Files.readAllLines(Golden.home().resolve("README.md"));
    String head = "| `" + name + "` |";
    String row = lines.stream().filter(line -> line.startsWith(head)).findFirst().orElseThrow();
    return row.split("\\|");
  }

  private static Set<String> variants(TargetDescription target, boolean good) {
    return target.variants().stream()
        .filter(variant -> variant.isGood() == good)
        .map(Variant::name)
        .collect(Collectors.toSet());
  }

  private static Set<String> names(String cell) {
    return NAME.matcher(cell).results().map(found -> found.group(1)).collect(Collectors.toSet());
  }

  private static String first(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).findFirst().orElseThrow();
  }
}
