package dev.cryofuzz.executor;

/** The native side is missing, too old, or did not answer: our own or the machine's fault. */
public final class HarnessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HarnessException(String message) {
    super(message);
  }

  public HarnessException(String message, Throwable cause) {
    super(message, cause);
  }
}
