package dev.cryofuzz.scenario;

import java.util.Locale;

/** What kind of thing an event changes. */
public enum Family {
  SCHEDULE,
  MEMORY,
  FRAME,
  FREEZE,
  FAULT,
  MACHINE;

  /** Whether a campaign has such events only if it is told to. */
  public boolean onRequest() {
    return this == FREEZE || this == FAULT || this == MACHINE;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
