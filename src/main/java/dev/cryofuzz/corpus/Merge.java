package dev.cryofuzz.corpus;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Which scenarios of a corpus are worth keeping: those that reach a feature that no smaller one
 * reaches. Of equally small ones the first is kept.
 */
public final class Merge {
  private Merge() {}

  /** Those worth keeping, the smallest first. */
  public static List<Entry> keep(List<Entry> entries, Function<Entry, BitSet> features) {
    List<Entry> kept = new ArrayList<>();
    BitSet reached = new BitSet();
    for (Entry entry : smallestFirst(entries)) {
      BitSet own = (BitSet) features.apply(entry).clone();
      own.andNot(reached);
      if (!own.isEmpty()) {
        kept.add(entry);
        reached.or(own);
      }
    }
    return kept;
  }

  private static List<Entry> smallestFirst(List<Entry> entries) {
    return entries.stream()
        .sorted(Comparator.comparingInt(entry -> entry.scenario().events().size()))
        .toList();
  }
}
