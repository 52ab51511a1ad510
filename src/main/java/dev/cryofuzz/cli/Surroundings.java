package dev.cryofuzz.cli;

import java.util.Map;

/**
 * What a command works with.
 *
 * @param environment the variables that the process was started with
 */
record Surroundings(Console console, Bench bench, Stop stop, Map<String, String> environment) {
  /** The same with executors that tell of each run if the user wants that. */
  Surroundings telling() {
    return new Surroundings(console, new TellingBench(bench, console), stop, environment);
  }
}
