package dev.cryofuzz.export;

import java.util.Map;
import java.util.Optional;

/**
 * What libcompel does by itself, each with a variant of its own: at which moments it takes badly
 * what disturbs it. All other variants but the good one are planted bugs of its caller's, of which
 * libcompel knows nothing.
 */
final class CompelWeakness {
  private static final String ANY = "BEFORE SEIZED STOPPING HELD CLOSING LEAVING ENDING AFTER";

  /** As harness/targets/compel/disturb.c has them. */
  private static final Map<String, String> MOMENTS =
      Map.ofEntries(
          Map.entry("real", ANY),
          Map.entry("no-time-out", ANY),
          Map.entry("no-deadline", ANY),
          Map.entry("long-ack", ANY),
          Map.entry("init-error", ANY),
          Map.entry("plain-sigframe", ANY),
          Map.entry("trap-reset", ANY),
          Map.entry("poll-ends", ANY),
          Map.entry("takes-anyone", ANY),
          Map.entry("hears-anyone", ANY),
          Map.entry("peek-unchecked", ANY),
          Map.entry("map-unchecked", ANY),
          Map.entry("close-unchecked", "CLOSING"),
          Map.entry("shared-executable", ANY),
          Map.entry("long-path", ANY),
          Map.entry("breakpoints-lost", ANY),
          Map.entry("stop-refused", "HELD"),
          Map.entry("stop-races", "SEIZED"),
          Map.entry("stop-races-cure", "LEAVING"),
          Map.entry("stop-forgotten", "ENDING"),
          Map.entry("continue-refused", "SEIZED STOPPING HELD ENDING"),
          Map.entry("stops-again", "SEIZED STOPPING ENDING"),
          Map.entry("handled-stops", "STOPPING"),
          Map.entry("stop-signal-refused", ANY),
          Map.entry("waits-for-anybody", "HELD"),
          Map.entry("orphan-harmed", "CLOSING LEAVING ENDING"),
          Map.entry("wait-interrupted", ANY),
          Map.entry("refusal-swallows", ANY),
          Map.entry("log-waits", ANY),
          Map.entry("log-signals", ANY),
          Map.entry("awaits-dead", ANY),
          Map.entry("one-leader", ANY),
          Map.entry("sequence-lost", ANY));

  private CompelWeakness() {}

  /** As in "1 << HELD | 1 << ENDING"; empty: it is none of libcompel's. */
  static Optional<String> moment(String variant) {
    return Optional.ofNullable(MOMENTS.get(variant))
        .map(names -> "1 << " + names.replace(" ", " | 1 << "));
  }
}
