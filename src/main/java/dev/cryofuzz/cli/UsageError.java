package dev.cryofuzz.cli;

/** What the user typed or wrote cannot be meant; the message ends with what to type instead. */
final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageError(String message) {
    super(message);
  }
}
