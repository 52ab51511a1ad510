package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.Golden;
import dev.cryofuzz.Schemas;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.report.JobResult.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What other programs read of a campaign. */
class ResultsTest {
  private static final CampaignResult CAMPAIGN =
      new CampaignResult(
          "0.1.0",
          Optional.of(7L),
          61_234,
          List.of(
              job("queue", "no-barrier", Ending.RAN, ""),
              job("queue", "full", Ending.RAN, ""),
              job("ring", "ordered", Ending.BROKEN, "no run within 60 s"),
              job("criu", "real", Ending.UNSUPPORTED, "needs root"),
              job("mailbox", "strict", Ending.STOPPED, "")));

  private static final Results RESULTS = results(SavedFinding.of(Samples.report(), "stale-read"));
  private static final Results HOSTILE = results(SavedFinding.of(Samples.hostile(), "a b%c"));

  private static JobResult job(String target, String variant, Ending ending, String reason) {
    return new JobResult(target, variant, "weak", ending, reason, 1_234, 5, 6, 2_500);
  }

  private static Results results(SavedFinding... findings) {
    return new Results(
        "0.1.0",
        Optional.of(CAMPAIGN),
        List.of(findings),
        List.of(),
        Map.of("queue.c", "harness/targets/queue.c"));
  }

  private static Results many(int count) {
    SavedFinding one = SavedFinding.of(Samples.hostile(), "x");
    return results(Collections.nCopies(count, one).toArray(SavedFinding[]::new));
  }

  /** Of a flaky one, and without all that may be missing. */
  private static SavedFinding bare() {
    SavedFinding full = SavedFinding.of(Samples.report(), "bare");
    return new SavedFinding(
        full.folder(),
        full.finding(),
        Optional.empty(),
        full.scenario(),
        1,
        Optional.empty(),
        new Rate(3, 10),
        full.hash(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void sarif() throws IOException {
    Golden.assertMatches("report/results/results.sarif", withoutRules(Sarif.of(RESULTS)));
    for (Results each : List.of(RESULTS, HOSTILE, results(bare()), results())) {
      Schemas.assertSarif(Sarif.of(each));
    }
  }

  /** Each of them is as long as a result. */
  private static String withoutRules(String sarif) {
    JsonNode log = Json.read(sarif);
    ObjectNode driver = (ObjectNode) log.at("/runs/0/tool/driver");
    assertThat(driver.withArray("rules"))
        .extracting(rule -> rule.path("id").asText())
        .containsExactlyElementsOf(Arrays.stream(Kind.values()).map(Kind::text).toList());
    driver.remove("rules");
    return Json.pretty(log);
  }

  @Test
  void aSarifResultIsTheSameWhereverItsLineIs() {
    SavedFinding finding = RESULTS.findings().get(0);
    assertThat(Fingerprint.of(finding)).isEqualTo(Fingerprint.of(bare()));
    assertThat(Fingerprint.of(finding)).isNotEqualTo(Fingerprint.of(HOSTILE.findings().get(0)));
  }

  @Test
  void junit() throws IOException {
    Golden.assertMatches("report/results/junit.xml", JUnitXml.of(RESULTS));
    for (Results each : List.of(RESULTS, HOSTILE, results(bare()), results())) {
      Schemas.assertJUnit(JUnitXml.of(each));
    }
    assertThat(JUnitXml.of(results(bare()))).contains("message=\"flaky, failed 3/10: stale-read");
  }

  @Test
  void theSchemasCanFail() {
    assertThatThrownBy(() -> Schemas.assertSarif("{\"version\": \"2.1.0\"}"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Schemas.assertJUnit("<testsuites><testcase/></testsuites>"))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Schemas.assertValid(FindingSchema.finding(), "{\"cryofuzz\": 1}"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void summary() throws IOException {
    Golden.assertMatches("report/results/summary.md", JobSummary.of(RESULTS));
    Golden.assertMatches("report/results/hostile-summary.md", JobSummary.of(HOSTILE));
  }

  @Test
  void aSummaryFitsIntoAJob() {
    String summary = JobSummary.of(many(4_000));
    assertThat(summary.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1 << 20);
    assertThat(summary).contains("The others are in the campaign's folder.");
  }

  @Test
  void annotations() throws IOException {
    Golden.assertMatches(
        "report/results/annotations.txt", Annotations.of(RESULTS) + Annotations.of(HOSTILE));
    assertThat(Annotations.of(many(10)).lines()).hasSize(10);
    assertThat(Annotations.of(many(11)).lines())
        .hasSize(10)
        .last()
        .isEqualTo("::error title=cryofuzz::2 more findings are in the job's summary");
  }

  @Test
  void lines() throws IOException {
    Golden.assertMatches(
        "report/results/findings.jsonl", FindingJson.line(RESULTS.findings().get(0)));
    for (Results each : List.of(RESULTS, HOSTILE, results(bare()))) {
      Schemas.assertValid(FindingSchema.line(), FindingJson.line(each.findings().get(0)));
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (FindingReport report : List.of(Samples.report(), Samples.hostile(), Samples.longRun())) {
      String json = FindingFiles.of(report).get(FindingFiles.FINDING);
      Schemas.assertValid(FindingSchema.finding(), json);
      assertThat(FindingJson.read("x", json, report.scenario()))
          .isEqualTo(SavedFinding.of(report, "x"));
    }
    Schemas.assertValid(FindingSchema.campaign(), CampaignJson.of(CAMPAIGN));
    assertThat(CampaignJson.read(CampaignJson.of(CAMPAIGN))).isEqualTo(CAMPAIGN);
  }

  @Test
  void whatIsNoneIsRefusedWithItsReason() {
    assertThatThrownBy(() -> CampaignJson.read("[]")).hasMessage("expected \"cryofuzz\": 1");
    assertThatThrownBy(() -> CampaignJson.read("{\"cryofuzz\":1}")).hasMessage("no \"jobs\"");
    assertThatThrownBy(() -> FindingJson.read("x", "{", Samples.scenario()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FindingJson.read("x", "{\"cryofuzz\":2}", Samples.scenario()))
        .hasMessage("expected \"cryofuzz\": 1");
  }
}
