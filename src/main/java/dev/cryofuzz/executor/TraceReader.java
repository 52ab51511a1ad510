package dev.cryofuzz.executor;

import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/** Reads the steps of the last run out of the ring in the control block. */
final class TraceReader {
  /** Who raised what no actor did: the executor, which also runs the target's check. */
  static final String EXECUTOR = "executor";

  private final SharedMemory control;
  private final Sites sites;

  TraceReader(SharedMemory control, Sites sites) {
    this.control = control;
    this.sites = sites;
  }

  Trace read(List<String> actors, long steps, long hash) {
    List<String> everyone = new ArrayList<>(actors);
    everyone.add(EXECUTOR);
    long first = Math.max(0, steps - ControlLayout.TRACE_STEPS);
    List<Step> read = new ArrayList<>();
    for (long i = first; i < steps; i++) {
      read.add(step(ControlLayout.step(i), everyone.size()));
    }
    boolean alone = read.stream().allMatch(step -> step.actor() < actors.size());
    return new Trace(alone ? actors : everyone, read, hash, first > 0);
  }

  private Step step(int at, int actors) {
    int actor = Byte.toUnsignedInt(control.getByte(at + ControlLayout.STEP_ACTOR));
    return new Step(
        Math.min(actor, actors - 1),
        Short.toUnsignedInt(control.getShort(at + ControlLayout.STEP_POINT)),
        op(control.getByte(at + ControlLayout.STEP_OP)),
        sites.place(Short.toUnsignedInt(control.getShort(at + ControlLayout.STEP_SITE))),
        control.getLong(at + ControlLayout.STEP_ADDRESS),
        Byte.toUnsignedInt(control.getByte(at + ControlLayout.STEP_SIZE_OF_ACCESS)),
        control.getLong(at + ControlLayout.STEP_VALUE),
        control.getLong(at + ControlLayout.STEP_EXTRA),
        Flag.of(Byte.toUnsignedInt(control.getByte(at + ControlLayout.STEP_FLAGS))));
  }

  private static Op op(int number) {
    return Op.of(number)
        .orElseThrow(() -> new HarnessException("step of an unknown operation: op=" + number));
  }
}
