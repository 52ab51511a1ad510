package dev.cryofuzz.executor;

/**
 * Where an actor was when the run ended.
 *
 * @param points how many it had
 * @param site the last one's place, or "" if not known
 * @param waits what it waits for, or ""
 */
public record EndState(String actor, State state, int points, String site, String waits) {
  /** Numbered like enum cf_actor_state. */
  public enum State {
    READY,
    ENDED,
    SPINNING,
    PARKED,
    /** Its process died. */
    DEAD
  }

  @Override
  public String toString() {
    String place = site.isEmpty() ? "" : " at " + site;
    String reason = waits.isEmpty() ? "" : " waits for " + waits;
    return actor + " " + state.name().toLowerCase(java.util.Locale.ROOT) + place + reason;
  }
}
