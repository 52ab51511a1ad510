package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.trace.Scheduling;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulingTableTest {
  @Test
  void periodsStandAsPerfPrintsThem() {
    assertThat(SchedulingTable.of(Samples.scheduling()))
        .isEqualTo(
            """
                    time    cpu  actor                    wait time  sch delay   run time  state
                     (s)         [pid]                       (msec)     (msec)     (msec)
            ------------ ------  ------------------------ ---------  ---------  ---------  -----
                0.000600 [0001]  reader[72]                   0.000      0.000      0.100      R
                0.000680 [0001]  writer0[71]                  0.000      0.020      0.080      S
                0.000725 [0000]  reader[72]                   0.095      0.095      0.030   runs

            all of an actor                               wait time  sch delay   run time  periods
            writer0[71]                                       0.000      0.020      0.080  1
            reader[72]                                        0.095      0.095      0.130  2
            """);
  }

  @Test
  void whatIsMissingIsSaid() {
    Scheduling all = Samples.scheduling();
    Scheduling holes = new Scheduling(all.source(), "", all.sums(), all.periods(), 7, 3);
    assertThat(SchedulingTable.of(holes))
        .contains("and 7 periods more, which only the sums have")
        .contains("3 events were lost: the table has holes");
  }

  @Test
  void schedstatHasNoWait() {
    Scheduling sums =
        new Scheduling(
            Scheduling.Source.SCHEDSTAT,
            "perf_event_open of tracepoints: Permission denied",
            Samples.scheduling().sums(),
            List.of(),
            0,
            0);
    assertThat(SchedulingTable.of(sums))
        .startsWith("sums of /proc/PID/schedstat only: perf_event_open of tracepoints: Permission")
        .contains(
            "reader[72]                                      unknown      0.095      0.130  2");
  }

  @Test
  void noTableHasItsReason() {
    Scheduling none =
        new Scheduling(Scheduling.Source.NONE, "no memory", List.of(), List.of(), 0, 0);
    assertThat(SchedulingTable.of(none)).isEqualTo("no table of scheduling: no memory\n");
  }

  @Test
  void aLaneForEachActorHasItsPeriods() {
    String lanes = SchedulingLanes.of(Samples.scheduling());
    assertThat(lanes)
        .contains("aria-label=\"3 periods of 2 actors in 0.225 ms\"")
        .contains("<title>reader on processor 0: waited 0.095 ms, delay 0.095 ms, ran 0.030 ms");
    assertThat(lanes.split("class=\"ran ", -1)).hasSize(1 + 3);
    assertThat(lanes.split("class=\"delayed\"", -1)).hasSize(1 + 2);
  }
}
