package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Trace;

/**
 * A run that passes, to lay beside the one that fails.
 *
 * @param without what was left out of the failing one, as in "the events"
 */
public record PassingRun(String without, Scenario scenario, Trace trace) {}
