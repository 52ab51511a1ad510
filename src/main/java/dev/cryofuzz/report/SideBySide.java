package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Cell;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Timeline;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a failing run does and what another one does instead, stage by stage: a freeze has stages
 * that its target marks, what has none has frames.
 */
public final class SideBySide {
  public static final String NONE = "-";

  /**
   * @param stage "infect", "command"
   * @param here what the failing run does in it, with its events, or NONE if it has no such stage
   * @param beside what the other one does
   */
  public record Row(String stage, String here, String beside, boolean differs) {}

  private record Stage(String name, List<String> done, List<String> events, List<Long> contents) {
    static Stage named(String name) {
      return new Stage(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    String text() {
      String all = String.join(", ", done);
      return events.isEmpty() ? all : all + " (" + String.join(", ", events) + ")";
    }

    boolean like(Stage other) {
      return done.equals(other.done) && contents.equals(other.contents);
    }
  }

  private final List<Stage> here;
  private final List<Stage> beside;
  private final List<Row> rows = new ArrayList<>();

  private SideBySide(List<Stage> here, List<Stage> beside) {
    this.here = here;
    this.beside = beside;
  }

  /**
   * @param failing a run of the scenario
   * @param other a run of another one
   */
  public static List<Row> of(Trace failing, Scenario scenario, Trace other) {
    SideBySide both =
        new SideBySide(stages(failing, scenario), stages(other, scenario.withEvents(List.of())));
    both.align();
    return List.copyOf(both.rows);
  }

  private void align() {
    int next = 0;
    for (Stage stage : here) {
      int same = indexOf(stage.name(), next);
      for (; next < same; next++) {
        rows.add(new Row(beside.get(next).name(), NONE, beside.get(next).text(), true));
      }
      if (same < 0) {
        rows.add(new Row(stage.name(), stage.text(), NONE, true));
      } else {
        Stage other = beside.get(next++);
        rows.add(new Row(stage.name(), stage.text(), other.text(), !stage.like(other)));
      }
    }
    for (; next < beside.size(); next++) {
      rows.add(new Row(beside.get(next).name(), NONE, beside.get(next).text(), true));
    }
  }

  private int indexOf(String name, int from) {
    for (int i = from; i < beside.size(); i++) {
      if (beside.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static List<Stage> stages(Trace trace, Scenario scenario) {
    boolean marked = trace.steps().stream().anyMatch(step -> step.op() == Op.MARK);
    List<Stage> stages = new ArrayList<>();
    int frames = 0;
    for (Step step : trace.steps()) {
      frames += step.op().isMessage() ? 1 : 0;
      if (marked ? step.op() == Op.MARK : step.op().isMessage()) {
        stages.add(Stage.named(marked ? step.markName() : "frame " + frames));
      } else if (stages.isEmpty()) {
        stages.add(Stage.named("begin"));
      }
      add(stages.get(stages.size() - 1), trace, step, scenario);
    }
    return stages;
  }

  private static void add(Stage stage, Trace trace, Step step, Scenario scenario) {
    if (step.op() != Op.MARK && step.op() != Op.END) {
      stage.done().add(Cell.operation(trace, step));
    }
    if (step.op().isMessage()) {
      stage.contents().add(step.extra());
    }
    stage
        .events()
        .addAll(
            Timeline.events(trace, step, scenario).stream()
                .map(event -> Sentences.of(event.action()))
                .collect(Collectors.toList()));
  }
}
