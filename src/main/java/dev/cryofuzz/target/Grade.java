package dev.cryofuzz.target;

import java.util.Locale;

/** What a target thinks of an outcome, as it words it. */
public enum Grade {
  ACCEPTABLE,
  INTERESTING,
  FORBIDDEN;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Grade of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
