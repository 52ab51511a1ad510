package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FindingFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "scenario.json",
        "original.json",
        "finding.json",
        "timeline.txt",
        "trace.perfetto.json",
        "evidence.txt",
        "environment.txt",
        "kernel-log.txt",
        "run.sh",
        "scheduling.txt"
      })
  void eachFileIsAsExpected(String name) throws IOException {
    Golden.assertMatches("report/finding/" + name, FindingFiles.of(Samples.report()).get(name));
  }

  @Test
  void thereAreNoOtherFiles() {
    assertThat(FindingFiles.of(Samples.report()).keySet())
        .containsExactly(
            "README.md",
            "environment.txt",
            "evidence.txt",
            "finding.json",
            "kernel-log.txt",
            "original.json",
            "run.sh",
            "scenario.json",
            "scheduling.txt",
            "timeline.html",
            "timeline.txt",
            "trace.perfetto.json");
  }

  @Test
  void hostileTextsStayTexts() throws IOException {
    String readme = FindingFiles.of(Samples.hostile()).get("README.md");
    Golden.assertMatches("report/hostile/README.md", readme);
    assertThat(readme).doesNotContain("\u001b").doesNotContain("\u202e");
  }

  @Test
  void noFileHasControlCharacters() {
    Map<String, String> files = FindingFiles.of(Samples.hostile());
    assertThat(files.values())
        .allSatisfy(text -> assertThat(text.replace("\n", "")).isEqualTo(printable(text)));
  }

  @Test
  void whateverIsLongIsCutInTheMiddle() {
    String readme = FindingFiles.of(Samples.endless()).get("README.md");
    assertThat(readme)
        .hasSizeBetween(32_768, 65_536)
        .contains("lines are left out here; all are in evidence.txt")
        .contains("**Additional environment details:**");
    assertThat(readme.split("<details>", -1)).hasSameSizeAs(readme.split("</details>", -1));
    assertThat(readme.lines().filter(line -> line.startsWith("```")).count()).isEven();
  }

  @Test
  void aLongRunFitsInAnIssue() {
    String readme = FindingFiles.of(Samples.longRun()).get("README.md");
    assertThat(readme).hasSizeLessThan(65_536).contains("earlier lines are in timeline.txt");
    assertThat(FindingFiles.of(Samples.longRun()).get("timeline.txt")).hasSizeGreaterThan(100_000);
  }

  /** Whoever reads the issue has neither the target nor its name in the environment. */
  @Test
  void eachCommandNamesATargetOfOnesOwn() {
    String readme = FindingFiles.of(Samples.ofOnesOwn("./flag.so")).get("README.md");
    assertThat(readme)
        .contains("with `./flag.so`, the target under test, built from its source")
        .contains("./cryofuzz replay --target ./flag.so scenario.json\n")
        .contains("./cryofuzz show --target ./flag.so scenario.json ")
        .contains("./cryofuzz export --target ./flag.so scenario.json\n")
        .contains("`./cryofuzz explain --target ./flag.so scenario.json`");
  }

  private static String printable(String text) {
    return Printable.line(text.replace("\n", ""));
  }
}
