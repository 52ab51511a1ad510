package dev.cryofuzz.fuzz;

import java.util.ArrayList;
import java.util.List;

/**
 * How far something has come.
 *
 * @param failed runs that failed, whatever their title
 * @param broken runs of which nothing is known, by no fault of the target
 * @param corpus scenarios that reached something new
 * @param features what was reached
 * @param efforts of all strategies, in their order; of none if there were no bursts
 */
public record Progress(
    long runs,
    long failed,
    long unsupported,
    long broken,
    int corpus,
    int features,
    List<Effort> efforts) {
  public static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0);

  public Progress {
    efforts = List.copyOf(efforts);
  }

  public Progress(long runs, long failed, long unsupported, long broken, int corpus, int features) {
    this(runs, failed, unsupported, broken, corpus, features, List.of());
  }

  public Progress plus(Progress other) {
    return new Progress(
        runs + other.runs,
        failed + other.failed,
        unsupported + other.unsupported,
        broken + other.broken,
        corpus + other.corpus,
        features + other.features,
        sum(efforts, other.efforts));
  }

  private static List<Effort> sum(List<Effort> some, List<Effort> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return some.isEmpty() ? others : some;
    }
    List<Effort> sum = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      sum.add(some.get(i).plus(others.get(i)));
    }
    return sum;
  }
}
