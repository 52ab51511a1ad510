package dev.cryofuzz.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;

/** A census for programs: a line for each state, then one for each step and event. */
public final class CensusJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Shape shape;
  private final Census census;
  private final CensusReasons reasons;
  private final StringBuilder out = new StringBuilder();

  private CensusJson(Shape shape, Census census) {
    this.shape = shape;
    this.census = census;
    this.reasons = new CensusReasons(shape, census);
  }

  public static String of(Shape shape, Census census) {
    CensusJson json = new CensusJson(shape, census);
    census.states().forEach(json::state);
    census.rows().forEach(row -> row.cells().forEach(cell -> json.cell(row, cell)));
    return json.out.toString();
  }

  private ObjectNode line() {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("target", shape.target());
    line.put("variant", shape.variant());
    line.put("memory", shape.memory().text());
    return line;
  }

  private void state(String state, long runs) {
    ObjectNode line = line();
    line.put("state", state);
    line.put("runs", runs);
    line.put("of", census.runs());
    if (runs == 0) {
      line.put("reason", reasons.withoutState(state));
    }
    write(line);
  }

  private void cell(Census.Row row, Census.Cell cell) {
    ObjectNode line = line();
    line.put("step", row.step());
    line.put("event", cell.event());
    line.put("runs", cell.fired());
    line.put("moot", cell.moot());
    line.put("of", row.reached());
    reasons.of(row, cell).ifPresent(reason -> line.put("reason", reason));
    if (cell.fired() > 0) {
      states(line, cell);
    }
    write(line);
  }

  /** Where the whole cell is zero, its reason is that of each state. */
  private void states(ObjectNode line, Census.Cell cell) {
    ObjectNode with = line.putObject("with");
    cell.with().forEach(with::put);
    ObjectNode without = line.putObject("without");
    census.states().keySet().stream()
        .filter(state -> !cell.with().containsKey(state))
        .forEach(state -> without.put(state, reasons.withoutState(state)));
  }

  private void write(ObjectNode line) {
    try {
      out.append(MAPPER.writeValueAsString(line)).append('\n');
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can be written", e);
    }
  }
}
