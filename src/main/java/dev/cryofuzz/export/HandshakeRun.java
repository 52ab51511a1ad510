package dev.cryofuzz.export;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.report.Place;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Trace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A failing run of a target whose actors talk to each other, and all that a program is made of.
 *
 * @param played the run that fails
 * @param control one that passes; empty if there is none
 * @param sources the target's files by their names: "queue.c"
 * @param header cryofuzz.h
 * @param fields of the target's messages
 * @param lines places to lines of the source, as far as they are known
 */
public record HandshakeRun(
    Finding finding,
    Played played,
    Optional<Control> control,
    SortedMap<String, String> sources,
    String header,
    Map<String, Field> fields,
    int variant,
    long segmentAddress,
    Map<String, String> lines) {
  public HandshakeRun {
    sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
    fields = Map.copyOf(fields);
    lines = Map.copyOf(lines);
  }

  /** A field of a message: so many bytes from its beginning. */
  public record Field(int offset, int size) {}

  /**
   * A scenario and its run.
   *
   * @param params the values of all of the target's, in its order
   */
  public record Played(Scenario scenario, Trace trace, List<Integer> params) {
    public Played {
      params = List.copyOf(params);
    }
  }

  /**
   * The run that passes.
   *
   * @param without what it is without, as in "the events"
   */
  public record Control(String without, Played played) {}

  /** The names of the files that it happens in. */
  public static Set<String> files(Trace trace) {
    return trace.steps().stream()
        .flatMap(step -> Place.parse(step.site()).stream())
        .map(Place::file)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
