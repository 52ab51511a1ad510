package dev.cryofuzz.executor;

import dev.cryofuzz.trace.Trace;

/**
 * A run and its steps.
 *
 * @param evidence what the target attached to its finding: stacks, logs; "" if nothing
 */
public record TracedRun(Run run, Trace trace, String evidence) {
  public TracedRun(Run run, Trace trace) {
    this(run, trace, "");
  }
}
