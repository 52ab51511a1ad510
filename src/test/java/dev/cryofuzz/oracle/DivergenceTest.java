package dev.cryofuzz.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final Step LOAD = step("queue.c:57", Op.LOAD, 1);
  private static final Step OTHER_VALUE = step("queue.c:57", Op.LOAD, 2);
  private static final Step STORE = step("queue.c:41", Op.STORE, 1);

  @Test
  void equalRunsAreNone() {
    assertThat(Divergence.between(trace(7, LOAD, STORE), trace(7, LOAD, STORE))).isEmpty();
  }

  @Test
  void theFirstDifferentStepNamesTheFinding() {
    Finding found = Divergence.between(trace(7, STORE, LOAD), trace(8, STORE, OTHER_VALUE)).get();

    assertThat(found.title()).hasToString("divergence in queue.c:57");
    assertThat(found.detail())
        .contains("from step 1 on: reader#3 load 8=1, then reader#3 load 8=2");
  }

  @Test
  void aRunThatEndsEarlierDiffersWhereItEnds() {
    Finding found = Divergence.between(trace(7, STORE, LOAD), trace(8, STORE)).get();

    assertThat(found.detail()).endsWith("reader#3 load 8=1, then nothing");
  }

  @Test
  void runsThatDifferOnlyInTheirEndDivergeAsAWhole() {
    assertThat(Divergence.between(trace(7, STORE), trace(8, STORE)).get().title())
        .hasToString("divergence in the default run");
  }

  private static Step step(String site, Op op, long value) {
    return new Step(0, 3, op, site, 8, 4, value, 0, Set.of());
  }

  private static Trace trace(long hash, Step... steps) {
    return new Trace(List.of("reader"), List.of(steps), hash, false);
  }
}
