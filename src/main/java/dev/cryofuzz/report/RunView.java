package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Origins;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Timeline;
import dev.cryofuzz.trace.Trace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A run as a page shows it: its rows, and what is to be said of some of them. */
final class RunView {
  static final int NOWHERE = -1;

  private final Trace trace;
  private final Scenario scenario;
  private final Origins origins;
  private final List<Integer> rows;
  private final Map<Integer, Integer> rowOfStep = new HashMap<>();
  private final List<Offence.Part> offence;
  private final int parting;

  /**
   * @param offence the steps that the finding is about
   * @param parting the row from which on it differs from the run beside it, or nowhere
   */
  private RunView(
      Trace trace, Scenario scenario, Origins origins, List<Offence.Part> offence, int parting) {
    this.trace = trace;
    this.scenario = scenario;
    this.origins = origins;
    this.rows = Timeline.shown(trace);
    this.offence = offence;
    this.parting = parting;
    for (int row = 0; row < rows.size(); row++) {
      rowOfStep.put(rows.get(row), row);
    }
  }

  /** The run of a finding. */
  static RunView failing(FindingReport report) {
    Origins origins = Origins.of(report.trace());
    List<Offence.Part> offence = Offence.of(report.finding(), report.trace(), origins);
    return new RunView(report.trace(), report.scenario(), origins, offence, parting(report));
  }

  /** The one to lay beside it. */
  static Optional<RunView> passing(FindingReport report) {
    int parting = parting(report);
    return report
        .passing()
        .map(
            run ->
                new RunView(
                    run.trace(), run.scenario(), Origins.of(run.trace()), List.of(), parting));
  }

  /** The first row in which the two runs differ; nowhere if one is only longer. */
  private static int parting(FindingReport report) {
    return report
        .passing()
        .map(passing -> parting(report.trace(), passing.trace()))
        .orElse(NOWHERE);
  }

  private static int parting(Trace one, Trace other) {
    List<Integer> left = Timeline.shown(one);
    List<Integer> right = Timeline.shown(other);
    for (int row = 0; row < Math.min(left.size(), right.size()); row++) {
      if (!one.steps().get(left.get(row)).equals(other.steps().get(right.get(row)))) {
        return row;
      }
    }
    return NOWHERE;
  }

  Trace trace() {
    return trace;
  }

  int rows() {
    return rows.size();
  }

  Step step(int row) {
    return trace.steps().get(rows.get(row));
  }

  boolean isEvent(int row) {
    return step(row).has(Flag.EVENT) || !events(row).isEmpty();
  }

  List<Event> events(int row) {
    return Timeline.events(trace, step(row), scenario);
  }

  /** The row of the step that wrote or sent what this one got, or nowhere. */
  int origin(int row) {
    return origins
        .of(rows.get(row))
        .map(step -> rowOfStep.getOrDefault(step, NOWHERE))
        .orElse(NOWHERE);
  }

  boolean isInitial(int row) {
    return origins.isInitial(rows.get(row));
  }

  boolean isParting(int row) {
    return row == parting;
  }

  /** Of the offence's parts those at this row, counted from 1. */
  List<Integer> parts(int row) {
    return IntStream.range(0, offence.size())
        .filter(part -> offence.get(part).step() == rows.get(row))
        .map(part -> part + 1)
        .boxed()
        .toList();
  }

  List<Offence.Part> offence() {
    return offence;
  }

  int rowOf(Offence.Part part) {
    return rowOfStep.getOrDefault(part.step(), NOWHERE);
  }

  /** Around which a reader looks first. */
  Set<Integer> interesting() {
    Set<Integer> interesting = new TreeSet<>();
    for (int row = 0; row < rows.size(); row++) {
      if (isEvent(row) || isParting(row) || !parts(row).isEmpty()) {
        interesting.add(row);
      }
    }
    if (!rows.isEmpty()) {
      interesting.add(0);
      interesting.add(rows.size() - 1);
    }
    return interesting;
  }
}
