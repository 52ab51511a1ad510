package dev.cryofuzz.executor;

/**
 * What became of an event.
 *
 * @param point where, and at which visit of which place, it took effect; without meaning unless it
 *     was reached
 * @param site "queue.c:57", or "" if not known
 */
public record Fired(Fate fate, int point, String site, int nth) {
  /** Numbered like enum cf_fate. */
  public enum Fate {
    /** Its point never came. */
    UNREACHED,
    /** The point came, but it could change nothing there. */
    MOOT,
    FIRED
  }

  static final Fired UNREACHED = new Fired(Fate.UNREACHED, 0, "", 0);

  public boolean fired() {
    return fate == Fate.FIRED;
  }

  public boolean reached() {
    return fate != Fate.UNREACHED;
  }
}
