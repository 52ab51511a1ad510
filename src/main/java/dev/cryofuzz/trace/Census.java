package dev.cryofuzz.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the runs of a campaign had an event take effect at a step, and with which state of the
 * process that is frozen. A step is what lies between two marks; a state is a param's value.
 *
 * @param runs that are counted
 * @param states as in "place=1", with the number of runs; those that no run had are there, with 0
 * @param rows in the order in which steps were first reached
 */
public record Census(long runs, Map<String, Long> states, List<Row> rows) {
  public Census {
    states = ordered(states);
    rows = List.copyOf(rows);
  }

  /**
   * A step.
   *
   * @param reached runs that came to it
   * @param messages of these, how many sent or received something in it
   * @param loads of these, how many loaded something from the shared segment in it
   * @param stores of these, how many stored something there
   * @param cells one for each kind of event, and first one for none
   */
  public record Row(
      String step, long reached, long messages, long loads, long stores, List<Cell> cells) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /**
   * A step and a kind of event.
   *
   * @param event what it does, or {@link #NONE}
   * @param fired runs in which it took effect there; of none those without any event there
   * @param moot runs in which it was tried there and could change nothing
   * @param with how many of the fired ones had a state; those that none had are not there
   */
  public record Cell(String event, long fired, long moot, Map<String, Long> with) {
    public Cell {
      with = ordered(with);
    }
  }

  /** The kind of event of runs without any. */
  public static final String NONE = "none";

  private static Map<String, Long> ordered(Map<String, Long> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
