package dev.cryofuzz.export;

import dev.cryofuzz.export.HandshakeRun.Field;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What events do to the messages of a run, as rows of a table in C: which of an actor's sends or
 * receives, and what becomes of it there.
 */
final class DamageTable {
  /** In the order in which cryofuzz does them at a send, and at a receive. */
  private static final List<ActionType> SENDING =
      List.of(
          ActionType.SHORT,
          ActionType.REWRITE,
          ActionType.TRIM,
          ActionType.EXTEND,
          ActionType.SPLIT,
          ActionType.DUPLICATE,
          ActionType.EMPTY,
          ActionType.DROP,
          ActionType.MERGE,
          ActionType.REORDER,
          ActionType.STRAY_FD);

  private static final List<ActionType> RECEIVING =
      List.of(
          ActionType.SHORT,
          ActionType.DROP,
          ActionType.MERGE,
          ActionType.REORDER,
          ActionType.SPLIT,
          ActionType.DUPLICATE,
          ActionType.REWRITE,
          ActionType.TRIM,
          ActionType.EXTEND,
          ActionType.EMPTY);

  private final Scenario scenario;
  private final Trace trace;
  private final Map<String, Field> fields;
  private final StringBuilder out = new StringBuilder();

  private DamageTable(Scenario scenario, Trace trace, Map<String, Field> fields) {
    this.scenario = scenario;
    this.trace = trace;
    this.fields = fields;
  }

  static String of(HandshakeRun.Played played, Map<String, Field> fields) {
    DamageTable table = new DamageTable(played.scenario(), played.trace(), fields);
    table.rows();
    return table.out.toString();
  }

  private void rows() {
    Set<Integer> points = new HashSet<>();
    for (int actor = 0; actor < trace.actors().size(); actor++) {
      for (Op op : List.of(Op.SEND, Op.RECV)) {
        points.clear();
        for (Step step : trace.steps()) {
          if (step.actor() == actor && step.op() == op && points.add(step.point())) {
            call(step, points.size() - 1);
          }
        }
      }
    }
  }

  /** A call has a step for each frame; its events are at the first of them. */
  private void call(Step step, int call) {
    List<ActionType> order = step.op() == Op.SEND ? SENDING : RECEIVING;
    scenario.events().stream()
        .filter(event -> order.contains(event.action().type()) && isAt(event, step))
        .sorted(Comparator.comparing(event -> order.indexOf(event.action().type())))
        .forEach(event -> row(step, call, event.action()));
  }

  /** One that was found again by its site has another point now. */
  private boolean isAt(Event event, Step step) {
    if (!event.at().actor().equals(trace.actor(step))) {
      return false;
    }
    boolean exactly = event.at().point() == step.point();
    Optional<String> site = event.at().site();
    return exactly || (step.has(Flag.EVENT) && site.equals(Optional.of(step.site())));
  }

  private void row(Step step, int call, Action action) {
    Optional<Field> field =
        action instanceof Action.Rewrite rewrite
            ? Optional.ofNullable(fields.get(rewrite.field()))
            : Optional.empty();
    out.append(
        String.format(
            "\t{ %d, RUN_%s, %d, RUN_%s, %d, %d, 0x%xull },%n",
            step.actor(),
            step.op().name(),
            call,
            action.type().name(),
            field.map(Field::offset).orElseGet(() -> number(action)),
            field.map(Field::size).orElse(0),
            action instanceof Action.Rewrite rewrite ? rewrite.value() : 0));
  }

  private static int number(Action action) {
    return action.arguments().isEmpty() || action instanceof Action.Rewrite
        ? 0
        : ((Number) action.arguments().get(0)).intValue();
  }
}
