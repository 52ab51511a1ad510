package dev.cryofuzz.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file that a worker's standard error goes to, read as it grows: of libFuzzer's progress lines
 * the newest numbers are kept, of everything else the last lines, as evidence if the worker dies.
 */
final class LibFuzzerLog {
  private static final Pattern PROGRESS =
      Pattern.compile("#\\d+\\s.*\\bft: (\\d+) corp: (\\d+)/.*");
  private static final Pattern DONE = Pattern.compile("Done \\d+ runs in .*");
  private static final int LINES_KEPT = 60;
  private static final int STEP = 1 << 16;

  private final Path file;
  private final StringBuilder line = new StringBuilder();
  private final Deque<String> last = new ArrayDeque<>();
  private long offset;
  private int features;
  private int corpus;
  private boolean done;

  LibFuzzerLog(Path file) {
    this.file = file;
  }

  /** Reads what is new. */
  void poll() {
    ByteBuffer part = ByteBuffer.allocate(STEP);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(part.clear(), offset) > 0) {
        offset += part.position();
        add(new String(part.array(), 0, part.position(), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // Not there yet, or gone with the disk: the numbers stay what they were.
    }
  }

  private void add(String text) {
    for (char c : text.toCharArray()) {
      if (c == '\n') {
        addLine(line.toString());
        line.setLength(0);
      } else {
        line.append(c);
      }
    }
  }

  private void addLine(String text) {
    Matcher progress = PROGRESS.matcher(text);
    if (progress.matches()) {
      features = Integer.parseInt(progress.group(1));
      corpus = Integer.parseInt(progress.group(2));
      return;
    }
    done |= DONE.matcher(text).matches();
    last.addLast(text);
    if (last.size() > LINES_KEPT) {
      last.removeFirst();
    }
  }

  int features() {
    return features;
  }

  int corpus() {
    return corpus;
  }

  /** Whether all runs that it was asked for are done. */
  boolean saysDone() {
    return done;
  }

  List<String> lastLines() {
    return List.copyOf(last);
  }
}
