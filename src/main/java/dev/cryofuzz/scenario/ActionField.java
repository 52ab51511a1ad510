package dev.cryofuzz.scenario;

/**
 * A field of an action beside its name, as it is called in JSON: a number within inclusive bounds,
 * or a text of a form.
 *
 * @param pattern of the whole text; empty for numbers
 * @param expected what a value looks like, for error messages
 */
public record ActionField(
    String name, boolean isNumber, long min, long max, String pattern, String expected) {
  static ActionField number(String name, long min, long max) {
    return new ActionField(name, true, min, max, "", "a number from " + min + " to " + max);
  }

  static ActionField name(String name) {
    return text(name, Names.NAME_PATTERN, "a name like \"reader\"");
  }

  static ActionField text(String name, String pattern, String expected) {
    return new ActionField(name, false, 0, 0, pattern, expected);
  }

  boolean accepts(Object value) {
    if (isNumber) {
      return value instanceof Long number && number >= min && number <= max;
    }
    return value instanceof String text && text.matches(pattern);
  }

  void check(Object value) {
    if (!accepts(value)) {
      throw new IllegalArgumentException(name + "=" + value + ": expected " + expected);
    }
  }
}
