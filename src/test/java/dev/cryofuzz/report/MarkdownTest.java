package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {
  @Test
  void aCodeSpanHoldsBackticks() {
    assertThat(Markdown.code("a")).isEqualTo("`a`");
    assertThat(Markdown.code("a`b")).isEqualTo("``a`b``");
    assertThat(Markdown.code("`a``")).isEqualTo("``` `a`` ```");
    assertThat(Markdown.code("")).isEqualTo("`  `");
  }

  @Test
  void aBlockHoldsFences() {
    assertThat(Markdown.block("json", "a\n```\nb")).isEqualTo("````json\na\n```\nb\n````\n");
  }

  @Test
  void lineEndsOfHostileTextsAreEscaped() {
    assertThat(Markdown.code("a\nb\r")).isEqualTo("`a\\u{a}b\\u{d}`");
  }

  @Test
  void textMentionsNobodyAndHasNoTags() {
    assertThat(Markdown.text("@you <b> #1 a|b"))
        .isEqualTo("\\@<!-- -->you \\<b\\> \\#<!-- -->1 a\\|b");
  }

  @Test
  void plainHeadingsStayReadable() {
    assertThat(Markdown.heading("stale-read in queue.pop")).isEqualTo("stale-read in queue.pop");
    assertThat(Markdown.heading("a*b*")).isEqualTo("a\\*b\\*");
  }
}
