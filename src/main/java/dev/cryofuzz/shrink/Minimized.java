package dev.cryofuzz.shrink;

import dev.cryofuzz.scenario.Scenario;

/**
 * What is left of a scenario.
 *
 * @param runs how many it took
 * @param complete whether nothing more can be taken away: each single deletion, and every other
 *     simplification that we know, makes the failure disappear; false if it was stopped before
 */
public record Minimized(Scenario scenario, int runs, boolean complete) {}
