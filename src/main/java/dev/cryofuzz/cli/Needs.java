package dev.cryofuzz.cli;

import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.explain.Intervention;
import dev.cryofuzz.explain.Judged;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a failure needs, in the words of its target: which frame at which stage, which state. */
final class Needs {
  private final Explanation explanation;
  private final TargetDescription target;
  private final Optional<Trace> trace;

  /**
   * @param trace of a run that fails
   */
  Needs(Explanation explanation, TargetDescription target, Optional<Trace> trace) {
    this.explanation = explanation;
    this.target = target;
    this.trace = trace;
  }

  /** One for each event and each param that is a cause. */
  List<String> texts() {
    Stream<String> events =
        explanation.scenario().events().stream().filter(this::isNeeded).map(this::text);
    return Stream.concat(events, causes().map(this::state).flatMap(Optional::stream)).toList();
  }

  private Stream<Intervention> causes() {
    return explanation.causes().stream().map(Judged::intervention);
  }

  private boolean isNeeded(Event event) {
    return causes()
        .anyMatch(
            cause ->
                cause instanceof Intervention.WithoutEvent one && one.event().equals(event)
                    || cause instanceof Intervention.Without all
                        && all.types().contains(event.action().type())
                        && isAlone(event, all));
  }

  /** Of several each was tried by itself. */
  private boolean isAlone(Event event, Intervention.Without kinds) {
    return explanation.scenario().events().stream()
        .filter(other -> kinds.types().contains(other.action().type()))
        .allMatch(event::equals);
  }

  private Optional<String> state(Intervention cause) {
    return cause instanceof Intervention.Default it
        ? Optional.of(it.param() + "=" + it.was() + ", " + target.param(it.param()).what())
        : Optional.empty();
  }

  private String text(Event event) {
    String what = Sentences.of(event.action()) + " at " + event.at().text();
    return trace.flatMap(run -> place(run, event)).map(place -> place + what).orElse(what);
  }

  /** As in "frame 3, sent at stage command: ". */
  private static Optional<String> place(Trace run, Event event) {
    int frames = 0;
    List<String> stages = new ArrayList<>(List.of("begin"));
    for (Step step : run.steps()) {
      frames += step.op().isMessage() ? 1 : 0;
      if (step.op() == Op.MARK) {
        stages.add(step.markName());
      }
      if (step.point() == event.at().point() && run.actor(step).equals(event.at().actor())) {
        return Optional.of(what(step, frames) + stages.get(stages.size() - 1) + ": ");
      }
    }
    return Optional.empty();
  }

  private static String what(Step step, int frames) {
    return step.op().isMessage()
        ? "frame " + frames + (step.op() == Op.SEND ? ", sent at stage " : ", received at stage ")
        : "stage ";
  }
}
