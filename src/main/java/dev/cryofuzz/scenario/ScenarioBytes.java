package dev.cryofuzz.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The byte form of scenarios, made for mutation: every byte string is a valid scenario, and small
 * changes of bytes are small changes of the scenario.
 *
 * <pre>
 *   params   for each param of the shape 1, 2 or 4 bytes (as its range needs): min + bytes mod range
 *   records  at most 64, each an EventRecord; bytes that belong to none are ignored
 *     op     index among the possible actions, modulo
 *     actor  index, modulo
 *     arg    the action's number or index, from its minimum on, modulo
 *     value  of a rewrite
 * </pre>
 *
 * Little endian. Of two records of one action at one point the first counts, but for switches.
 * Sites, expected title and build are not in the bytes.
 */
public final class ScenarioBytes {
  /** More bytes say no more. */
  public static final int MAX_LENGTH = 64 + Scenario.MAX_EVENTS * EventRecord.MAX_LENGTH;

  private final Shape shape;
  private ActionBytes actions;

  public ScenarioBytes(Shape shape) {
    this.shape = shape;
    this.actions = new ActionBytes(shape, shape.complete(Map.of()));
  }

  public Scenario decode(byte[] bytes) {
    ByteInput in = new ByteInput(bytes);
    SortedMap<String, Integer> params = new TreeMap<>();
    for (Param param : shape.params()) {
      params.put(param.name(), decodeParam(param, in));
    }
    List<Event> events = decodeEvents(in, actions(params));
    return new Scenario(
        shape.target(),
        shape.variant(),
        shape.memory(),
        params,
        events,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        shape.options());
  }

  /**
   * The inverse of decode for what bytes can say: decode(encode(s)) is s without sites, expected
   * title, build and library, and with all params.
   */
  public byte[] encode(Scenario scenario) {
    checkShape(scenario);
    Map<String, Integer> params = shape.complete(scenario.params());
    ByteOutput out = new ByteOutput();
    for (Param param : shape.params()) {
      out.put(params.get(param.name()) - (long) param.min(), width(param));
    }
    ActionBytes encoder = actions(params);
    for (Event event : scenario.events()) {
      encoder.encode(event, out);
    }
    return out.bytes();
  }

  private static int decodeParam(Param param, ByteInput in) {
    int width = width(param);
    if (in.remaining() < width) {
      return param.def();
    }
    return (int) (param.min() + in.take(width) % param.range());
  }

  private static int width(Param param) {
    if (param.range() <= 1 << 8) {
      return 1;
    }
    return param.range() <= 1 << 16 ? 2 : 4;
  }

  private static List<Event> decodeEvents(ByteInput in, ActionBytes actions) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < Scenario.MAX_EVENTS && !actions.isEmpty(); i++) {
      EventRecord next = EventRecord.read(in);
      if (next == null) {
        break;
      }
      actions.decode(next).insertInto(events);
    }
    return events;
  }

  /** Params rarely change from one input to the next. */
  private ActionBytes actions(Map<String, Integer> params) {
    if (!actions.isFor(params)) {
      actions = new ActionBytes(shape, params);
    }
    return actions;
  }

  private void checkShape(Scenario scenario) {
    if (!scenario.target().equals(shape.target())
        || !scenario.variant().equals(shape.variant())
        || scenario.memory() != shape.memory()) {
      throw new IllegalArgumentException(
          "target="
              + scenario.target()
              + " variant="
              + scenario.variant()
              + " memory="
              + scenario.memory().text()
              + ": not of the shape "
              + shape);
    }
    shape.checkParams(scenario.params());
  }
}
