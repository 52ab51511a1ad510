package dev.cryofuzz.target;

/** A target described itself in a way that we don't understand: not the user's fault. */
public final class MalformedDescription extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedDescription(String message, Throwable cause) {
    super(message, cause);
  }
}
