package dev.cryofuzz.corpus;

import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A corpus in numbers: one line for each target and variant. */
public final class Stats {
  private Stats() {}

  public record Line(
      String target,
      String variant,
      int scenarios,
      int regressions,
      int events,
      int mostEvents,
      Map<Family, Long> families) {}

  public static List<Line> of(List<Entry> entries) {
    Map<List<String>, List<Scenario>> groups =
        entries.stream()
            .map(Entry::scenario)
            .collect(
                Collectors.groupingBy(
                    scenario -> List.of(scenario.target(), scenario.variant()),
                    () -> new TreeMap<>(Stats::compare),
                    Collectors.toList()));
    return groups.values().stream().map(Stats::line).toList();
  }

  private static int compare(List<String> one, List<String> other) {
    int byTarget = one.get(0).compareTo(other.get(0));
    return byTarget != 0 ? byTarget : one.get(1).compareTo(other.get(1));
  }

  private static Line line(List<Scenario> group) {
    Scenario any = group.get(0);
    return new Line(
        any.target(),
        any.variant(),
        group.size(),
        (int) group.stream().filter(scenario -> scenario.expect().isPresent()).count(),
        group.stream().mapToInt(scenario -> scenario.events().size()).sum(),
        group.stream().mapToInt(scenario -> scenario.events().size()).max().orElse(0),
        families(group));
  }

  private static Map<Family, Long> families(List<Scenario> group) {
    return group.stream()
        .flatMap(scenario -> scenario.events().stream())
        .collect(
            Collectors.groupingBy(
                event -> event.action().family(), TreeMap::new, Collectors.counting()));
  }
}
