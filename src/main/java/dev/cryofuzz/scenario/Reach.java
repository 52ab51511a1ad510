package dev.cryofuzz.scenario;

/**
 * How large the numbers of an event record may be. Nearly all points and numbers that matter are
 * small, and random ones are not: so most op bytes stand for small ones.
 */
enum Reach {
  NEAR(0, 160, 64, 16, 1L << 8),
  MIDDLE(160, 240, 512, 64, 1L << 16),
  FAR(240, 256, Anchor.MAX_POINT + 1, 1 << 16, 1L << 32);

  private final int from;
  private final int to;
  private final int points;
  private final int args;
  private final long values;

  Reach(int from, int to, int points, int args, long values) {
    this.from = from;
    this.to = to;
    this.points = points;
    this.args = args;
    this.values = values;
  }

  static Reach of(int op) {
    return op < NEAR.to ? NEAR : op < MIDDLE.to ? MIDDLE : FAR;
  }

  /** The smallest one that can say it. */
  static Reach of(int point, int arg, long value) {
    for (Reach reach : values()) {
      if (point < reach.points && arg < reach.args && value < reach.values) {
        return reach;
      }
    }
    throw new IllegalArgumentException("point=" + point + " arg=" + arg + " value=" + value);
  }

  int index(int op) {
    return op - from;
  }

  int op(int index) {
    return from + index;
  }

  int point(long raw) {
    return (int) (raw % points);
  }

  int arg(long raw) {
    return (int) (raw % args);
  }

  long value(long raw) {
    return raw % values;
  }
}
