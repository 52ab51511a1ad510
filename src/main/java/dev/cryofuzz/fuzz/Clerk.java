package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Fired;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts each run of a worker for the {@link dev.cryofuzz.trace.Census}: which steps it came to,
 * and which events took effect there. What happens before an actor's first mark is its step
 * "begin"; in a target without marks the places in its source are the steps.
 */
final class Clerk {
  private static final String BEGIN = "begin";
  private static final int NOWHERE = -1;

  /** As it stands in the step: making text of it in each run takes as long as all the rest. */
  private record MarkName(long first, long second) {}

  private final CensusFile file;
  private final boolean marks;
  private final Map<MarkName, Integer> rowOfMark = new HashMap<>();

  /**
   * @param defaultRun of the job, which shows whether its target marks its steps
   */
  Clerk(CensusFile file, Trace defaultRun) {
    this.file = file;
    this.marks = defaultRun.steps().stream().anyMatch(step -> step.op() == Op.MARK);
  }

  void count(Scenario scenario, TracedRun traced) {
    if (traced.run().broken()) {
      return;
    }
    int[] states = file.statesOf(scenario);
    file.countRun(states);
    new OneRun(scenario, traced).count(states);
  }

  private final class OneRun {
    private final Scenario scenario;
    private final Trace trace;
    private final List<Fired> fates;

    /** Where each actor is, and where each event's actor was last before or at its point. */
    private final int[] rowOfActor;

    private final int[] rowOfEvent;
    private final int[] actorOfEvent;
    private final BitSet[] facts = new BitSet[CensusFile.Fact.values().length];

    OneRun(Scenario scenario, TracedRun traced) {
      this.scenario = scenario;
      this.trace = traced.trace();
      this.fates = traced.run().fired();
      rowOfActor = new int[trace.actors().size()];
      Arrays.fill(rowOfActor, NOWHERE);
      rowOfEvent = new int[fates.size()];
      Arrays.fill(rowOfEvent, NOWHERE);
      actorOfEvent =
          scenario.events().stream()
              .limit(fates.size())
              .mapToInt(event -> trace.actors().indexOf(event.at().actor()))
              .toArray();
      Arrays.setAll(facts, i -> new BitSet());
    }

    void count(int[] states) {
      trace.steps().forEach(this::follow);
      for (CensusFile.Fact fact : CensusFile.Fact.values()) {
        facts[fact.ordinal()].stream().forEach(row -> file.count(row, fact));
      }
      BitSet quiet = (BitSet) facts[CensusFile.Fact.REACHED.ordinal()].clone();
      countFates(states, quiet);
      quiet.stream().forEach(row -> file.countNone(row, states));
    }

    private void follow(Step step) {
      int row = rowOf(step);
      rowOfActor[step.actor()] = row;
      note(row, CensusFile.Fact.REACHED, true);
      note(row, CensusFile.Fact.MESSAGE, step.op().isMessage());
      note(row, CensusFile.Fact.LOAD, step.op() == Op.LOAD);
      note(row, CensusFile.Fact.STORE, step.op() == Op.STORE);
      for (int i = 0; i < rowOfEvent.length; i++) {
        if (actorOfEvent[i] == step.actor() && step.point() <= fates.get(i).point()) {
          rowOfEvent[i] = row;
        }
      }
    }

    private int rowOf(Step step) {
      if (step.op() == Op.MARK) {
        return rowOfMark.computeIfAbsent(
            new MarkName(step.address(), step.value()), name -> file.row(step.markName()));
      }
      if (!marks && !step.site().isEmpty()) {
        return file.row(step.site());
      }
      int current = rowOfActor[step.actor()];
      return current == NOWHERE ? file.row(BEGIN) : current;
    }

    private void note(int row, CensusFile.Fact fact, boolean holds) {
      if (holds) {
        facts[fact.ordinal()].set(row);
      }
    }

    /** However often an event takes effect in a step, it is one run. */
    private void countFates(int[] states, BitSet quiet) {
      for (int i = 0; i < rowOfEvent.length; i++) {
        ActionType type = scenario.events().get(i).action().type();
        if (rowOfEvent[i] == NOWHERE || !fates.get(i).reached()) {
          continue;
        }
        if (!fates.get(i).fired()) {
          file.countMoot(rowOfEvent[i], type);
        } else if (isFirstIn(i)) {
          file.countFired(rowOfEvent[i], type, states);
          quiet.clear(rowOfEvent[i]);
        }
      }
    }

    private boolean isFirstIn(int event) {
      ActionType type = scenario.events().get(event).action().type();
      for (int i = 0; i < event; i++) {
        if (rowOfEvent[i] == rowOfEvent[event]
            && fates.get(i).fired()
            && scenario.events().get(i).action().type() == type) {
          return false;
        }
      }
      return true;
    }
  }
}
