package dev.cryofuzz.executor;

import dev.cryofuzz.trace.Trace;

/** A run and its steps. */
public record TracedRun(Run run, Trace trace) {}
