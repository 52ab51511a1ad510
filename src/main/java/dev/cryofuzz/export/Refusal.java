package dev.cryofuzz.export;

/** What can't be exported, and why: a user's matter, none of ours. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Refusal(String reason) {
    super(reason);
  }
}
