package dev.cryofuzz.explain;

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
  /** Failures to be expected in an exploration that has none, before that means something. */
  static final double ENOUGH = 10;

  static Judged of(Intervention intervention, Exploration seen, Exploration baseline) {
    if (seen.failed() > 0) {
      return new Judged(intervention, Judgement.EXCLUDED, seen, Optional.empty());
    }
    Optional<String> doubt = doubt(seen, baseline);
    return new Judged(
        intervention, doubt.isPresent() ? Judgement.UNDECIDED : Judgement.CAUSE, seen, doubt);
  }

  private static Optional<String> doubt(Exploration seen, Exploration baseline) {
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
    double expected = (double) baseline.failed() / baseline.runs() * seen.runs();
    return seen.exhausted() || expected >= ENOUGH
        ? Optional.empty()
        : Optional.of(
            "too few runs: without intervention not even " + (int) ENOUGH + " of so many fail");
  }

  public boolean isCause() {
    return judgement == Judgement.CAUSE;
  }

  /** A cause with which nothing fails at all. */
  public boolean isCure() {
    return isCause() && seen.others().isEmpty();
  }
}
