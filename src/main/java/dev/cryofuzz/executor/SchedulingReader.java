package dev.cryofuzz.executor;

import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.trace.Scheduling;
import java.util.ArrayList;
import java.util.List;

/** Reads the table of scheduling of the last run that kept one out of the control block. */
final class SchedulingReader {
  private final SharedMemory control;

  SchedulingReader(SharedMemory control) {
    this.control = control;
  }

  Scheduling read(List<String> actors) {
    Scheduling.Source[] sources = Scheduling.Source.values();
    List<Scheduling.Sum> sums = new ArrayList<>();
    for (int i = 0; i < actors.size(); i++) {
      sums.add(sum(actors.get(i), ControlLayout.sum(i)));
    }
    List<Scheduling.Period> periods = new ArrayList<>();
    int count =
        Math.min(control.getInt(ControlLayout.SCHEDULING_PERIODS), ControlLayout.MAX_PERIODS);
    for (int i = 0; i < count; i++) {
      periods.add(period(actors, ControlLayout.period(i)));
    }
    return new Scheduling(
        sources[Math.floorMod(control.getInt(ControlLayout.SCHEDULING_SOURCE), sources.length)],
        control.getText(ControlLayout.SCHEDULING_WHY, ControlLayout.DETAIL_BYTES),
        sums,
        periods,
        control.getInt(ControlLayout.SCHEDULING_MORE),
        control.getInt(ControlLayout.SCHEDULING_LOST));
  }

  private Scheduling.Sum sum(String actor, int at) {
    return new Scheduling.Sum(
        actor,
        control.getInt(at + ControlLayout.SUM_PID),
        control.getLong(at + ControlLayout.SUM_WAIT),
        control.getLong(at + ControlLayout.SUM_DELAY),
        control.getLong(at + ControlLayout.SUM_RUN),
        control.getInt(at + ControlLayout.SUM_PERIODS));
  }

  private Scheduling.Period period(List<String> actors, int at) {
    int actor = Short.toUnsignedInt(control.getShort(at + ControlLayout.PERIOD_ACTOR));
    return new Scheduling.Period(
        actors.get(Math.min(actor, actors.size() - 1)),
        Short.toUnsignedInt(control.getShort(at + ControlLayout.PERIOD_CPU)),
        control.getLong(at + ControlLayout.PERIOD_AT),
        control.getLong(at + ControlLayout.PERIOD_WAIT),
        control.getLong(at + ControlLayout.PERIOD_DELAY),
        control.getLong(at + ControlLayout.PERIOD_RUN),
        (char) control.getByte(at + ControlLayout.PERIOD_STATE));
  }
}
