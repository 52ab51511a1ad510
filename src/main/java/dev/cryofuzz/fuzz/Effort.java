package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Strategy;

/**
 * What a strategy did in a campaign.
 *
 * @param found titles that it was the first to see
 */
public record Effort(Strategy strategy, long runs, long found) {
  Effort plus(Effort other) {
    return new Effort(strategy, runs + other.runs, found + other.found);
  }
}
