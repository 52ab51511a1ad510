package dev.cryofuzz.finding;

/** The constant identity of a finding: its kind and the site. What varies is in the detail. */
public record Title(Kind kind, String site) {
  private static final String BETWEEN = " in ";

  public Title {
    if (site.isBlank() || site.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("site=" + site + ": expected the name of a place");
    }
  }

  /** As in "stale-read in queue.pop". */
  public String text() {
    return kind.text() + BETWEEN + site;
  }

  public static Title parse(String text) {
    int end = text.indexOf(BETWEEN);
    if (end < 0) {
      throw new IllegalArgumentException("title=" + text + ": expected KIND in SITE");
    }
    String name = text.substring(0, end);
    Kind kind =
        Kind.of(name)
            .orElseThrow(
                () -> new IllegalArgumentException("title=" + text + ": unknown kind " + name));
    return new Title(kind, text.substring(end + BETWEEN.length()));
  }

  @Override
  public String toString() {
    return text();
  }
}
