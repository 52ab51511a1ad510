package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.report.JobResult.Ending;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CampaignPageTest {
  static final Results RESULTS =
      new Results(
          "0.1.0",
          Optional.of(
              new CampaignResult(
                  "0.1.0",
                  Optional.of(7L),
                  61_234,
                  List.of(
                      job("queue", "no-barrier", Ending.RAN, ""),
                      job("ring", "ordered", Ending.BROKEN, "no run within 60 s")))),
          List.of(SavedFinding.of(Samples.report(), "stale-read")),
          List.of(sample(0), sample(20), sample(60)),
          Map.of());

  /** All that a folder of somebody else's may be called and say. */
  static final Results HOSTILE =
      new Results(
          "<b>",
          Optional.empty(),
          List.of(SavedFinding.of(Samples.hostile(), "javascript:alert(1)//\"> \u00e9")),
          List.of(),
          Map.of());

  private static JobResult job(String target, String variant, Ending ending, String reason) {
    return new JobResult(target, variant, "weak", ending, reason, 1_234, 5, 6, 2_500);
  }

  private static Sample sample(int second) {
    return new Sample(
        second * 1000L,
        "queue-no-barrier-weak",
        second * 41_000L,
        second * 3,
        second / 2,
        second / 50,
        Map.of("random", second * 30_000L, "pct", second * 11_000L));
  }

  private static String body(String page) {
    return page.substring(page.indexOf("<main>"), page.indexOf("</body>"));
  }

  @Test
  void aCampaign() throws IOException {
    Golden.assertMatches("report/index.html", body(CampaignPage.of(RESULTS)));
  }

  @Test
  void aFindingIsCountedUnderTheModelThatItNeedsThoughNoJobHasHad() {
    Results early =
        new Results(
            "", Optional.of(onlyJob("weak-early")), RESULTS.findings(), List.of(), Map.of());
    assertThat(body(CampaignPage.of(early)).replaceAll("<[^>]+>", " "))
        .containsPattern("weak +0 +0 +- +0 +0 +1 ")
        .containsPattern("weak-early +1 +10 +10 +0 +0 +0 ");
  }

  private static CampaignResult onlyJob(String memory) {
    return new CampaignResult(
        "",
        Optional.of(7L),
        1_000,
        List.of(new JobResult("queue", "", memory, Ending.RAN, "", 10, 0, 0, 1_000)));
  }

  @Test
  void hostileTextsStayTexts() {
    assertThat(body(CampaignPage.of(HOSTILE)))
        .contains("href=\"./javascript%3Aalert%281%29%2F%2F%22%3E%20%C3%A9/timeline.html\"")
        .contains("ended</dt><dd>not by itself")
        .doesNotContain("<script")
        .doesNotContain("<b>")
        .doesNotContain("\u202e");
  }

  @Test
  void aLongCampaignHasNoMorePointsThanAPicture() {
    List<Sample> samples = IntStream.range(0, 5_000).mapToObj(i -> sample(i)).toList();
    String page =
        CampaignPage.of(new Results("", RESULTS.campaign(), RESULTS.findings(), samples, Map.of()));
    assertThat(page).hasSizeLessThan(60_000).contains("4,999");
  }

  /** Half a line is what is left of one that was being written when the campaign was killed. */
  @Test
  void progressIsReadAsFarAsItIsWhole() {
    String text = ProgressJson.line(sample(1)) + ProgressJson.line(sample(2));
    assertThat(ProgressJson.read(text)).containsExactly(sample(1), sample(2));
    for (int end = text.indexOf('\n') + 1; end < text.length() - 1; end++) {
      assertThat(ProgressJson.read(text.substring(0, end))).containsExactly(sample(1));
    }
  }
}
