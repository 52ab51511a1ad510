package dev.cryofuzz.fuzz;

/**
 * How far something has come.
 *
 * @param failed runs that failed, whatever their title
 * @param broken runs of which nothing is known, by no fault of the target
 * @param corpus scenarios that reached something new
 * @param features what was reached
 */
public record Progress(
    long runs, long failed, long unsupported, long broken, int corpus, int features) {
  public static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0);

  public Progress plus(Progress other) {
    return new Progress(
        runs + other.runs,
        failed + other.failed,
        unsupported + other.unsupported,
        broken + other.broken,
        corpus + other.corpus,
        features + other.features);
  }
}
