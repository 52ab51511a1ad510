package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Title;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of exploring an experiment.
 *
 * @param runs made
 * @param failed those with the title in question
 * @param others titles of other failures, and how often each came
 * @param complete n: all runs with fewer than n events more were made; 0 = that can't be said
 * @param covered so many
 * @param exhausted there are no other runs
 * @param trouble why it tells nothing
 * @param facts that the target says of its runs
 */
public record Exploration(
    long runs,
    long failed,
    SortedMap<String, Long> others,
    int complete,
    long covered,
    boolean exhausted,
    Optional<String> trouble,
    Facts facts) {
  /**
   * In how many runs a fact was so.
   *
   * @param failed of those that failed with the title
   * @param all of all
   */
  public record Facts(SortedMap<String, Long> failed, SortedMap<String, Long> all) {
    static final Facts NONE = new Facts(new TreeMap<>(), new TreeMap<>());
  }

  public Exploration {
    others = new TreeMap<>(others);
  }

  Exploration knowing(Facts known) {
    return new Exploration(runs, failed, others, complete, covered, exhausted, trouble, known);
  }

  static Exploration none(String trouble) {
    return new Exploration(0, 0, new TreeMap<>(), 0, 0, false, Optional.of(trouble), Facts.NONE);
  }

  /** Of runs that have ended so, with this title among them. */
  static Exploration of(SortedMap<String, Long> titles, Title title, long runs) {
    SortedMap<String, Long> others = new TreeMap<>(titles);
    Long failed = others.remove(title.text());
    return new Exploration(
        runs, failed == null ? 0 : failed, others, 0, 0, false, Optional.empty(), Facts.NONE);
  }

  Exploration within(int events, long all, boolean noOthers) {
    return new Exploration(runs, failed, others, events, all, noOthers, trouble, facts);
  }

  Exploration troubled(String why) {
    return new Exploration(
        runs, failed, others, complete, covered, exhausted, Optional.of(why), facts);
  }

  Exploration and(Exploration near) {
    SortedMap<String, Long> all = new TreeMap<>(others);
    near.others.forEach((title, count) -> all.merge(title, count, Long::sum));
    return new Exploration(
        runs + near.runs,
        failed + near.failed,
        all,
        complete,
        covered,
        exhausted,
        trouble.or(near::trouble),
        facts);
  }
}
