package dev.cryofuzz.executor;

import dev.cryofuzz.scenario.Scenario;

/**
 * How runs have ended.
 *
 * @param text as the target has recorded it; empty if it recorded nothing
 * @param listed 1 + which of the target's outcomes that is; 0: none
 * @param failed whether it is a finding
 * @param runs that have ended so
 * @param scenario that ends so, with as few events as were needed
 */
public record Outcome(String text, int listed, boolean failed, long runs, Scenario scenario) {}
