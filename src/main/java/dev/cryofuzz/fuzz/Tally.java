package dev.cryofuzz.fuzz;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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

  private final LongBuffer counts;

  private Tally(LongBuffer counts) {
    this.counts = counts;
  }

  static Tally map(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = (long) Count.values().length * Long.BYTES;
      return new Tally(channel.map(FileChannel.MapMode.READ_WRITE, 0, size).asLongBuffer());
    }
  }

  void count(Count what) {
    count(what, 1);
  }

  void count(Count what, int times) {
    counts.put(what.ordinal(), of(what) + times);
  }

  long of(Count what) {
    return counts.get(what.ordinal());
  }
}
