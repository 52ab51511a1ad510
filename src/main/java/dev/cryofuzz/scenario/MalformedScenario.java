package dev.cryofuzz.scenario;

/** A scenario file that can't be read; the message is {@code file:line: what is wrong}. */
public final class MalformedScenario extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedScenario(String file, int line, String what) {
    super(file + ":" + line + ": " + what);
  }
}
