package dev.cryofuzz.trace;

import java.util.List;

/**
 * What the kernel's scheduler did to the actors of a run. Times are in ns. No verdict and no hash
 * depends on it.
 *
 * @param why the better source could not be had; "" if it was
 * @param sums of all periods, one for each actor
 * @param periods in the order in which they ended
 * @param more periods that there was no room for; the sums have them
 * @param lost events that the kernel has not told: then the table has holes
 */
public record Scheduling(
    Source source, String why, List<Sum> sums, List<Period> periods, int more, int lost) {
  /** In the order of their numbers in the control block. */
  public enum Source {
    NONE,
    /** The kernel's tracepoints sched_switch and sched_wakeup. */
    TRACEPOINTS,
    /** /proc/PID/schedstat, which has sums of delay and run only. */
    SCHEDSTAT
  }

  /** While it does not leave its processor any more. */
  public static final char STILL_RUNNING = '\0';

  public Scheduling {
    sums = List.copyOf(sums);
    periods = List.copyOf(periods);
  }

  /**
   * From one time that an actor leaves its processor to the next one.
   *
   * @param at its end, since the run began
   * @param waited before it ran, since it had left last; 0 if that is not known
   * @param delay the part of that in which it could have run
   * @param state in which it left, as ps has it: R if it was pushed away
   */
  public record Period(
      String actor, int cpu, long at, long waited, long delay, long run, char state) {}

  public record Sum(String actor, int pid, long waited, long delay, long run, int periods) {}

  public int pid(String actor) {
    return sums.stream().filter(sum -> sum.actor().equals(actor)).findFirst().orElseThrow().pid();
  }
}
