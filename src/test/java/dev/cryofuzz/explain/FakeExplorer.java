package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Title;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Explores nothing: knows by a rule how often each title comes in a thousand runs. */
final class FakeExplorer implements Explorer {
  private final Function<Experiment, SortedMap<String, Long>> rule;
  private final List<Place> places;
  private final List<Experiment> made = new ArrayList<>();

  FakeExplorer(Function<Experiment, SortedMap<String, Long>> rule, Place... places) {
    this.rule = rule;
    this.places = List.of(places);
  }

  static SortedMap<String, Long> nothing() {
    return new TreeMap<>();
  }

  static SortedMap<String, Long> in1000(Title title, long times) {
    return new TreeMap<>(java.util.Map.of(title.text(), times));
  }

  List<Experiment> made() {
    return List.copyOf(made);
  }

  @Override
  public double risk() {
    return Math.exp(-10);
  }

  @Override
  public long enough(Exploration baseline, long most) {
    return most;
  }

  @Override
  public Exploration explore(Experiment experiment, Title title, long runs) {
    made.add(experiment);
    SortedMap<String, Long> seen = new TreeMap<>();
    rule.apply(experiment).forEach((name, times) -> put(seen, name, times * runs / 1000));
    Long failed = seen.remove(title.text());
    return new Exploration(
        runs,
        failed == null ? 0 : failed,
        seen,
        0,
        0,
        false,
        Optional.empty(),
        Exploration.Facts.NONE);
  }

  private static void put(SortedMap<String, Long> seen, String title, long times) {
    if (times > 0) {
      seen.put(title, times);
    }
  }

  @Override
  public Exploration seek(Experiment experiment, Title title, long runs) {
    return explore(experiment, title, runs);
  }

  @Override
  public List<Place> places(Experiment experiment, Title title) {
    return places;
  }
}
