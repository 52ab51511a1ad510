package dev.cryofuzz.executor;

import dev.cryofuzz.trace.Scheduling;
import dev.cryofuzz.trace.Trace;
import java.util.Optional;

/**
 * A run and its steps.
 *
 * @param evidence what the target attached to its finding: stacks, logs; "" if nothing
 * @param scheduling empty if nobody asked for it, or nothing ran
 */
public record TracedRun(Run run, Trace trace, String evidence, Optional<Scheduling> scheduling) {
  public TracedRun(Run run, Trace trace) {
    this(run, trace, "", Optional.empty());
  }
}
