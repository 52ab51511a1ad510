package dev.cryofuzz.trace;

import java.util.HashSet;
import java.util.Set;

/**
 * Which stores are in buffers. Every store commits some time, mostly at once; only the commit of
 * one that was held, or is early, is worth a line.
 */
final class HeldStores {
  private record Word(int actor, long address) {}

  private final Set<Word> words = new HashSet<>();

  /** Takes note of the step; true for a commit that is worth no line. */
  boolean isRoutine(Step step) {
    if (step.op() == Op.STORE && step.has(Flag.HELD)) {
      words.add(word(step));
    }
    return step.op() == Op.COMMIT && !step.has(Flag.EVENT) && !words.remove(word(step));
  }

  private static Word word(Step step) {
    return new Word(step.actor(), step.address());
  }
}
