package dev.cryofuzz.report;

import dev.cryofuzz.trace.Scheduling;
import java.util.Locale;

/**
 * What the scheduler did, as text: periods as perf sched timehist prints them, then their sums. Of
 * a run that kept no such table, why.
 */
public final class SchedulingTable {
  private static final String PERIOD = "%12.6f [%04d]  %-24s %9.3f  %9.3f  %9.3f  %5s%n";
  private static final String SUM = "%-45s %9.3f  %9.3f  %9.3f  %d%n";
  private static final String SUM_WITHOUT_WAIT = "%-45s %9s  %9.3f  %9.3f  %d%n";
  private static final double NS_OF_MS = 1e6;
  private static final double NS_OF_S = 1e9;

  private SchedulingTable() {}

  public static String of(Scheduling scheduling) {
    return switch (scheduling.source()) {
      case NONE -> "no table of scheduling: " + Printable.line(scheduling.why()) + "\n";
      case SCHEDSTAT ->
          "sums of /proc/PID/schedstat only: "
              + Printable.line(scheduling.why())
              + "\n\n"
              + sums(scheduling);
      case TRACEPOINTS -> periods(scheduling) + "\n" + sums(scheduling) + holes(scheduling);
    };
  }

  private static String periods(Scheduling scheduling) {
    StringBuilder out = new StringBuilder();
    out.append(
        "        time    cpu  actor                    wait time  sch delay   run time  state\n");
    out.append("         (s)         [pid]                       (msec)     (msec)     (msec)\n");
    out.append(
        "------------ ------  ------------------------ ---------  ---------  ---------  -----\n");
    for (Scheduling.Period period : scheduling.periods()) {
      out.append(
          String.format(
              Locale.ROOT,
              PERIOD,
              period.at() / NS_OF_S,
              period.cpu(),
              period.actor() + "[" + scheduling.pid(period.actor()) + "]",
              period.waited() / NS_OF_MS,
              period.delay() / NS_OF_MS,
              period.run() / NS_OF_MS,
              period.state() == Scheduling.STILL_RUNNING ? "runs" : period.state()));
    }
    return out.toString();
  }

  private static String sums(Scheduling scheduling) {
    StringBuilder out = new StringBuilder();
    out.append(
        "all of an actor                               wait time  sch delay   run time  periods\n");
    for (Scheduling.Sum sum : scheduling.sums()) {
      boolean waits = scheduling.source() == Scheduling.Source.TRACEPOINTS;
      out.append(
          String.format(
              Locale.ROOT,
              waits ? SUM : SUM_WITHOUT_WAIT,
              sum.actor() + "[" + sum.pid() + "]",
              waits ? (Object) (sum.waited() / NS_OF_MS) : "unknown",
              sum.delay() / NS_OF_MS,
              sum.run() / NS_OF_MS,
              sum.periods()));
    }
    return out.toString();
  }

  private static String holes(Scheduling scheduling) {
    String more =
        scheduling.more() == 0
            ? ""
            : "and " + scheduling.more() + " periods more, which only the sums have\n";
    String lost =
        scheduling.lost() == 0
            ? ""
            : scheduling.lost() + " events were lost: the table has holes\n";
    return more + lost;
  }
}
