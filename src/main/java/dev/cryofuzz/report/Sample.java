package dev.cryofuzz.report;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a campaign had come at some time.
 *
 * @param job what it was busy with
 * @param strategies to their runs; empty if there were no bursts
 */
public record Sample(
    long milliseconds,
    String job,
    long runs,
    int features,
    int corpus,
    int findings,
    SortedMap<String, Long> strategies) {
  public Sample(
      long milliseconds,
      String job,
      long runs,
      int features,
      int corpus,
      int findings,
      Map<String, Long> strategies) {
    this(milliseconds, job, runs, features, corpus, findings, new TreeMap<>(strategies));
  }
}
