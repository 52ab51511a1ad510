package dev.cryofuzz.report;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scenario is about, in the words of its target: whoever reads a report need not know it.
 *
 * @param target what it is
 * @param variant what is special about it
 * @param planted whether that variant is there to fail with this very title
 * @param params those that are not as by default, to what they mean
 * @param export what can be had that shows the failure without cryofuzz; empty if nothing
 */
public record Subject(
    String target,
    String variant,
    boolean planted,
    SortedMap<String, String> params,
    Optional<String> export) {
  public Subject {
    params = new TreeMap<>(params);
  }
}
