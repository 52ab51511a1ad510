package dev.cryofuzz.explain;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An intervention and what its experiment has shown.
 *
 * @param reason why it is undecided
 */
public record Judged(
    Intervention intervention, Judgement judgement, Exploration seen, Optional<String> reason) {
  /**
   * @param risk with which a cause may be said to be one
   */
  static Judged of(Intervention intervention, Exploration seen, Exploration baseline, double risk) {
    if (seen.failed() > 0) {
      return new Judged(intervention, Judgement.EXCLUDED, seen, Optional.empty());
    }
    Optional<String> doubt = doubt(seen, baseline, risk);
    return new Judged(
        intervention, doubt.isPresent() ? Judgement.UNDECIDED : Judgement.CAUSE, seen, doubt);
  }

  private static Optional<String> doubt(Exploration seen, Exploration baseline, double risk) {
    if (seen.trouble().isPresent()) {
      return seen.trouble();
    }
    if (baseline.failed() == 0) {
      return Optional.of("it was not found again without intervention");
    }
    SortedMap<String, Long> news = new TreeMap<>(seen.others());
    news.keySet().removeAll(baseline.others().keySet());
    if (!news.isEmpty()) {
      return Optional.of("fails otherwise: " + String.join(", ", news.keySet()));
    }
    return seen.exhausted() || seen.runs() >= Odds.needed(baseline, risk)
        ? Optional.empty()
        : Optional.of(
            "too few runs: without intervention so many pass once in "
                + once(Odds.missed(baseline, seen.runs())));
  }

  private static String once(double odds) {
    return String.format(Locale.ROOT, "%,.0f", 1 / odds);
  }

  public boolean isCause() {
    return judgement == Judgement.CAUSE;
  }

  /** A cause with which nothing fails at all. */
  public boolean isCure() {
    return isCause() && seen.others().isEmpty();
  }
}
