package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counts of a {@link Census} in a file that a worker maps, so that they outlive it: its parent
 * ends it whenever it likes. Both know the shape, and so where each count lies.
 *
 * <pre>
 *   runs
 *   of each state: runs
 *   of each row:   name (32 bytes), reached, messages, loads, stores
 *                  of none and of each action: fired, moot, of each state: fired
 * </pre>
 */
public final class CensusFile {
  /** A step more than these is counted with the last one. */
  static final int ROWS = 64;

  private static final String MORE = "elsewhere";
  private static final int NAME = 32;
  private static final int FACTS = 4;

  /** What happened at a step, beside events. */
  enum Fact {
    REACHED,
    MESSAGE,
    LOAD,
    STORE
  }

  private final VictimStates states;
  private final ByteBuffer counts;
  private final Map<String, Integer> rows = new LinkedHashMap<>();

  private CensusFile(VictimStates states, ByteBuffer counts) {
    this.states = states;
    this.counts = counts.order(ByteOrder.nativeOrder());
    readRows();
  }

  static CensusFile map(Path file, Shape shape) throws IOException {
    VictimStates states = VictimStates.of(shape);
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer counts =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, rowAt(ROWS, states.size()));
      return new CensusFile(states, counts);
    }
  }

  /** What the workers of a job have counted; empty if they counted nothing. */
  public static Optional<Census> of(Path jobFolder, Job job) throws IOException {
    Path file = jobFolder.resolve("census");
    return Files.exists(file) ? Optional.of(map(file, job.shape()).census()) : Optional.empty();
  }

  private static int columns() {
    return 1 + ActionType.values().length;
  }

  private static int cellBytes(int states) {
    return (2 + states) * Long.BYTES;
  }

  private static int rowAt(int row, int states) {
    int bytes = NAME + FACTS * Long.BYTES + columns() * cellBytes(states);
    return (1 + states) * Long.BYTES + row * bytes;
  }

  private int rowAt(int row) {
    return rowAt(row, states.size());
  }

  private int cellAt(int row, int column) {
    return rowAt(row) + NAME + FACTS * Long.BYTES + column * cellBytes(states.size());
  }

  private void readRows() {
    for (int row = 0; row < ROWS && !name(row).isEmpty(); row++) {
      rows.put(name(row), row);
    }
  }

  private String name(int row) {
    byte[] bytes = new byte[NAME];
    counts.get(rowAt(row), bytes);
    return new String(bytes, StandardCharsets.US_ASCII).strip().replace("\0", "");
  }

  /** The row of a step, a new one if it was not there before. */
  int row(String step) {
    String name = step.length() > NAME ? step.substring(step.length() - NAME) : step;
    Integer known = rows.get(name);
    return known != null ? known : newRow(rows.size() < ROWS - 1 ? name : MORE);
  }

  private int newRow(String name) {
    Integer known = rows.get(name);
    if (known != null) {
      return known;
    }
    int row = rows.size();
    counts.put(rowAt(row), name.getBytes(StandardCharsets.US_ASCII));
    rows.put(name, row);
    return row;
  }

  void countRun(int[] withStates) {
    add(0);
    for (int state : withStates) {
      add((1 + state) * Long.BYTES);
    }
  }

  void count(int row, Fact fact) {
    add(rowAt(row) + NAME + fact.ordinal() * Long.BYTES);
  }

  /** A run in which nothing took effect at the step. */
  void countNone(int row, int[] withStates) {
    countFired(row, 0, withStates);
  }

  void countFired(int row, ActionType type, int[] withStates) {
    countFired(row, 1 + type.ordinal(), withStates);
  }

  private void countFired(int row, int column, int[] withStates) {
    int at = cellAt(row, column);
    add(at);
    for (int state : withStates) {
      add(at + (2 + state) * Long.BYTES);
    }
  }

  void countMoot(int row, ActionType type) {
    add(cellAt(row, 1 + type.ordinal()) + Long.BYTES);
  }

  int[] statesOf(Scenario scenario) {
    return states.of(scenario);
  }

  private void add(int at) {
    counts.putLong(at, counts.getLong(at) + 1);
  }

  Census census() {
    Map<String, Long> runs = new LinkedHashMap<>();
    for (int state = 0; state < states.size(); state++) {
      runs.put(states.name(state), counts.getLong((1 + state) * Long.BYTES));
    }
    return new Census(
        counts.getLong(0), runs, rows.values().stream().map(this::censusRow).toList());
  }

  private Census.Row censusRow(int row) {
    List<Census.Cell> cells = new ArrayList<>();
    cells.add(cell(row, 0, Census.NONE));
    Arrays.stream(ActionType.values())
        .map(type -> cell(row, 1 + type.ordinal(), type.text()))
        .forEach(cells::add);
    int facts = rowAt(row) + NAME;
    return new Census.Row(
        name(row),
        counts.getLong(facts),
        counts.getLong(facts + Fact.MESSAGE.ordinal() * Long.BYTES),
        counts.getLong(facts + Fact.LOAD.ordinal() * Long.BYTES),
        counts.getLong(facts + Fact.STORE.ordinal() * Long.BYTES),
        cells);
  }

  private Census.Cell cell(int row, int column, String event) {
    int at = cellAt(row, column);
    Map<String, Long> with = new LinkedHashMap<>();
    for (int state = 0; state < states.size(); state++) {
      long fired = counts.getLong(at + (2 + state) * Long.BYTES);
      if (fired > 0) {
        with.put(states.name(state), fired);
      }
    }
    return new Census.Cell(event, counts.getLong(at), counts.getLong(at + Long.BYTES), with);
  }
}
