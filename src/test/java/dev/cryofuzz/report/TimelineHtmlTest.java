package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TimelineHtmlTest {
  /** Style and script are files of their own. */
  private static String body(String page) {
    return page.substring(page.indexOf("<main>"), page.indexOf("<dialog"));
  }

  @Test
  void aFinding() throws IOException {
    Golden.assertMatches("report/timeline.html", body(TimelineHtml.of(Samples.report())));
  }

  @Test
  void hostileTextsStayTexts() throws IOException {
    String page = TimelineHtml.of(Samples.hostile());
    Golden.assertMatches("report/hostile/timeline.html", body(page));
    assertThat(page)
        .doesNotContain("<script>alert")
        .doesNotContain("<b>*x*")
        .doesNotContain("\u001b")
        .doesNotContain("\u202e");
    assertThat(Pattern.compile("</script>").matcher(page).results().count()).isEqualTo(2);
  }

  @Test
  void nothingIsLoadedAndOnlyItsOwnScriptMayRun() {
    String page = TimelineHtml.of(Samples.report());
    assertThat(page)
        .contains("default-src 'none'; style-src 'sha256-")
        .contains("script-src 'sha256-")
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("url(")
        .doesNotContain("@import")
        .doesNotContain(" style=")
        .doesNotContainPattern(" on[a-z]+=\"");
  }

  @Test
  void farStepsOfALongRunAreFolded() {
    String page = TimelineHtml.of(Samples.longRun());
    assertThat(page).contains("Show 1000 more steps").contains("<tr id=\"f4999\"");
    assertThat(Pattern.compile("<tbody class=\"folded\">").matcher(page).results().count())
        .isEqualTo(5);
  }
}
