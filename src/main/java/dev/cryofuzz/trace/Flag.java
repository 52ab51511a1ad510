package dev.cryofuzz.trace;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What was special about a step; the bits of enum cf_step_flag in their order. */
public enum Flag {
  /** An event of the scenario took effect here. */
  EVENT,
  /** The load got an older version. */
  STALE,
  /** The store stays in the buffer. */
  HELD,
  /** The load got the actor's own held bytes. */
  FORWARD,
  ATOMIC,
  VOLATILE,
  /** The call ended by its time-out. */
  TIMEOUT;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int bit() {
    return 1 << ordinal();
  }

  /** Bits that nobody knows are left out. */
  public static Set<Flag> of(int bits) {
    EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
    for (Flag flag : values()) {
      if ((bits & flag.bit()) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }
}
