package dev.cryofuzz.cli;

/**
 * Something about this machine.
 *
 * @param found what there is
 * @param cure what to type, "" if there is nothing to cure
 */
record Symptom(State state, String what, String found, String cure) {
  enum State {
    FINE,
    /** Something can't be done here, the rest can. */
    LACKING,
    /** Nothing can run. */
    FATAL
  }

  static Symptom fine(String what, String found) {
    return new Symptom(State.FINE, what, found, "");
  }

  static Symptom lacking(String what, String found, String cure) {
    return new Symptom(State.LACKING, what, found, cure);
  }

  static Symptom fatal(String what, String found, String cure) {
    return new Symptom(State.FATAL, what, found, cure);
  }
}
