package dev.cryofuzz.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rows of a long run, cut into stretches: what is near a row of interest is shown, what is far
 * from each is folded. In pieces, so that a browser has never to lay out ten thousand rows at once.
 */
final class Stretches {
  private static final int NEAR = 12;

  /** Fewer are not worth a click. */
  private static final int WORTH_FOLDING = 20;

  private static final int PIECE = 1000;

  /** Rows from one index to before another. */
  record Stretch(int from, int to, boolean folded) {
    int size() {
      return to - from;
    }
  }

  private Stretches() {}

  static List<Stretch> of(int rows, Set<Integer> interesting) {
    List<Stretch> stretches = new ArrayList<>();
    int shownFrom = 0;
    int far = 0;
    for (int row : interesting.stream().sorted().toList()) {
      int until = row - NEAR;
      if (until - far >= WORTH_FOLDING) {
        shownFrom = fold(stretches, shownFrom, far, until);
      }
      far = Math.max(far, row + 1 + NEAR);
    }
    if (rows - far >= WORTH_FOLDING) {
      shownFrom = fold(stretches, shownFrom, far, rows);
    }
    show(stretches, shownFrom, rows);
    return stretches;
  }

  private static int fold(List<Stretch> stretches, int shownFrom, int from, int to) {
    show(stretches, shownFrom, from);
    for (int at = from; at < to; at += PIECE) {
      stretches.add(new Stretch(at, Math.min(at + PIECE, to), true));
    }
    return to;
  }

  private static void show(List<Stretch> stretches, int from, int to) {
    if (from < to) {
      stretches.add(new Stretch(from, to, false));
    }
  }
}
