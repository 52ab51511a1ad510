package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Origins;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which steps a finding is about; the last actor to step is the one that fails. */
class OffenceTest {
  private static final int WRITER = 0;
  private static final int READER = 1;

  private final List<Step> steps = new ArrayList<>();

  private void step(int actor, Op op, String site, long address, long extra, Flag... flags) {
    steps.add(new Step(actor, steps.size(), op, site, address, 8, 1, extra, Set.of(flags)));
  }

  private List<String> offence(String title, String detail) {
    step(READER, Op.FAIL, "q.c:9", 0, 0);
    Trace trace = new Trace(List.of("writer", "reader"), steps, 1, false);
    Finding finding = new Finding(Title.parse(title), detail);
    return Offence.of(finding, trace, Origins.of(trace)).stream()
        .map(part -> part.step() + " " + part.role())
        .toList();
  }

  @Test
  void aStaleLoadWithTheStoreItMissedAndTheOneItSaw() {
    step(WRITER, Op.STORE, "q.c:1", 0, 1);
    step(WRITER, Op.STORE, "q.c:2", 0, 2);
    step(READER, Op.LOAD, "q.c:5", 0, 1, Flag.STALE, Flag.EVENT);
    step(READER, Op.LOAD, "q.c:6", 0, 2);
    assertThat(offence("stale-read in q.pop", ""))
        .containsExactly(
            "1 the newest store before",
            "2 the load gets an older value",
            "0 the store whose value it got",
            "4 the finding is raised");
  }

  @Test
  void aLoadThatCouldNotSeeAHeldStore() {
    step(WRITER, Op.STORE, "q.c:1", 0, 0, Flag.HELD, Flag.EVENT);
    step(READER, Op.LOAD, "q.c:5", 0, 0);
    step(WRITER, Op.COMMIT, "q.c:1", 0, 1);
    assertThat(offence("invariant in q.pop", ""))
        .containsExactly(
            "0 the newest store before",
            "1 the load gets an older value",
            "-1 what was there before the first step",
            "3 the finding is raised");
  }

  @Test
  void twoAccessesInNoOrder() {
    step(WRITER, Op.STORE, "q.c:1", 16, 1);
    step(READER, Op.LOAD, "q.c:5", 24, 0);
    step(READER, Op.LOAD, "q.c:5", 16, 1);
    step(READER, Op.LOAD, "q.c:5", 16, 1);
    String detail =
        "[16] 8 bytes: store of writer at q.c:1 (plain), load of reader at q.c:5 (plain): in no order";
    assertThat(offence("data-race in q.first", detail))
        .containsExactly(
            "0 one access", "2 the other: nothing orders the two", "4 the finding is raised");
  }

  @Test
  void aMessageWithItsSender() {
    step(WRITER, Op.SEND, "q.c:1", 2, 0xa);
    step(READER, Op.RECV, "q.c:5", 2, 0xb, Flag.EVENT);
    assertThat(offence("trimmed-message in q.serve", "12/0"))
        .containsExactly(
            "0 its sender", "1 the last message received before", "2 the finding is raised");
  }

  /** Nothing in the trace says which steps have freed what. */
  @Test
  void whatTheTraceDoesNotShowIsNotNamed() {
    step(WRITER, Op.STORE, "q.c:1", 0, 1);
    step(READER, Op.LOAD, "q.c:5", 0, 1);
    assertThat(offence("double-free in q.pop", "item 1 is freed while freed"))
        .containsExactly("2 the finding is raised");
  }
}
