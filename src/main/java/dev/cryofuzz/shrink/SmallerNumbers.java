package dev.cryofuzz.shrink;

import java.util.stream.LongStream;

/** The numbers worth trying instead of a number. */
final class SmallerNumbers {
  private SmallerNumbers() {}

  /**
   * From {@code least} on in doubling steps, and at last the number's predecessor: few, and a
   * repeated search over them still ends at a number that can't be made smaller by one.
   */
  static LongStream of(long number, long least) {
    if (number <= least) {
      return LongStream.empty();
    }
    LongStream doubling =
        LongStream.iterate(0, step -> least + step < number - 1, step -> step == 0 ? 1 : 2 * step)
            .map(step -> least + step);
    return LongStream.concat(doubling, LongStream.of(number - 1));
  }
}
