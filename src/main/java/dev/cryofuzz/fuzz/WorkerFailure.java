package dev.cryofuzz.fuzz;

/** The worker can't go on, by no fault of the target. */
final class WorkerFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerFailure(String reason) {
    super(reason);
  }
}
