package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.corpus.Features;
import dev.cryofuzz.corpus.Merge;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which scenarios are worth keeping: regressions always, of the others those that reach something
 * of their own among those of the same target, variant and memory model.
 */
final class WorthKeeping {
  private final Bench bench;

  WorthKeeping(Bench bench) {
    this.bench = bench;
  }

  List<Entry> of(List<Entry> entries) {
    List<Entry> kept = new ArrayList<>();
    Map<List<String>, List<Entry>> groups = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.scenario().expect().isPresent()) {
        kept.add(entry);
      } else {
        groups.computeIfAbsent(group(entry.scenario()), key -> new ArrayList<>()).add(entry);
      }
    }
    try (OpenExecutors executors = new OpenExecutors(bench)) {
      for (List<Entry> group : groups.values()) {
        Executor executor = executors.of(group.get(0).scenario().target());
        kept.addAll(Merge.keep(group, entry -> features(executor, entry.scenario())));
      }
    }
    return kept;
  }

  private static List<String> group(Scenario scenario) {
    return List.of(scenario.target(), scenario.variant(), scenario.memory().text());
  }

  private static BitSet features(Executor executor, Scenario scenario) {
    executor.takeFeedback();
    executor.run(scenario, RunMode.KEPT.withFeedback());
    return Features.of(executor.takeFeedback());
  }
}
