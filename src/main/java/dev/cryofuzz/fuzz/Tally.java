package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Burst;
import dev.cryofuzz.executor.Strategy;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * What a worker has done so far, in a small file that worker and parent both map: counting costs
 * the worker no call, and the parent reads it whenever it likes, also after the worker has died.
 */
final class Tally {
  enum Count {
    RUNS,
    /** Runs that failed, whatever their title. */
    FAILED,
    UNSUPPORTED,
    BROKEN
  }

  /** Behind the counts: runs of each strategy, then what each has found. */
  private static final int RUNS_BY = Count.values().length;

  private static final int STRATEGIES = Strategy.values().length;
  private static final int FOUND_BY = RUNS_BY + STRATEGIES;
  private static final int SIZE = FOUND_BY + STRATEGIES;

  private final LongBuffer counts;

  private Tally(LongBuffer counts) {
    this.counts = counts;
  }

  static Tally map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = (long) SIZE * Long.BYTES;
      return new Tally(channel.map(FileChannel.MapMode.READ_WRITE, 0, size).asLongBuffer());
    }
  }

  void count(Count what) {
    count(what, 1);
  }

  void count(Count what, int times) {
    add(what.ordinal(), times);
  }

  void count(Burst burst) {
    count(Count.RUNS, burst.runs());
    count(Count.FAILED, burst.told());
    burst.shares().forEach(share -> add(RUNS_BY + share.strategy().ordinal(), share.runs()));
  }

  /** A title that was not seen before. */
  void found(Strategy by) {
    add(FOUND_BY + by.ordinal(), 1);
  }

  private void add(int at, long times) {
    counts.put(at, counts.get(at) + times);
  }

  /** Of all strategies, or of none if there were no bursts. */
  List<Effort> efforts() {
    List<Effort> efforts = Arrays.stream(Strategy.values()).map(this::effort).toList();
    return efforts.stream().allMatch(effort -> effort.runs() == 0) ? List.of() : efforts;
  }

  private Effort effort(Strategy strategy) {
    int at = strategy.ordinal();
    return new Effort(strategy, counts.get(RUNS_BY + at), counts.get(FOUND_BY + at));
  }

  long of(Count what) {
    return counts.get(what.ordinal());
  }
}
