package dev.cryofuzz.scenario;

/**
 * A field of an action beside its name, as it is called in JSON: either a name or a number within
 * inclusive bounds.
 */
public record ActionField(String name, boolean isNumber, long min, long max) {
  static ActionField number(String name, long min, long max) {
    return new ActionField(name, true, min, max);
  }

  static ActionField name(String name) {
    return new ActionField(name, false, 0, 0);
  }

  /** What a value of this field looks like, for error messages. */
  String expected() {
    return isNumber ? "a number from " + min + " to " + max : "a name like \"reader\"";
  }

  boolean accepts(Object value) {
    if (isNumber) {
      return value instanceof Long number && number >= min && number <= max;
    }
    return value instanceof String text && Names.isName(text);
  }

  void check(Object value) {
    if (!accepts(value)) {
      throw new IllegalArgumentException(name + "=" + value + ": expected " + expected());
    }
  }
}
