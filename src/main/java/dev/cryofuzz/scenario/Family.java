package dev.cryofuzz.scenario;

import java.util.Locale;

/** What kind of thing an event changes. */
public enum Family {
  SCHEDULE,
  MEMORY,
  FRAME,
  FREEZE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
