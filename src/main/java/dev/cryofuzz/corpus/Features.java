package dev.cryofuzz.corpus;

import java.util.BitSet;

/**
 * What a run reached, as libFuzzer sees it: each counter, in eight steps of how often. A loop that
 * turned 40 instead of 39 times is nothing new.
 */
public final class Features {
  private static final int STEPS = 8;

  private Features() {}

  public static BitSet of(byte[] counters) {
    BitSet features = new BitSet();
    for (int i = 0; i < counters.length; i++) {
      int count = counters[i] & 0xff;
      if (count > 0) {
        features.set(i * STEPS + step(count));
      }
    }
    return features;
  }

  private static int step(int count) {
    if (count <= 3) {
      return count - 1;
    }
    if (count <= 7) {
      return 3;
    }
    if (count <= 15) {
      return 4;
    }
    if (count <= 31) {
      return 5;
    }
    return count <= 127 ? 6 : 7;
  }
}
