package dev.cryofuzz.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginsTest {
  private final List<Step> steps = new ArrayList<>();

  private int step(int actor, Op op, String site, long address, long extra, Flag... flags) {
    steps.add(new Step(actor, 0, op, site, address, 8, 7, extra, Set.of(flags)));
    return steps.size() - 1;
  }

  private Origins origins() {
    return Origins.of(new Trace(List.of("a", "b"), steps, 1, false));
  }

  @Test
  void aLoadSaysWhichStoreItSaw() {
    int first = step(0, Op.STORE, "x.c:1", 0, 1);
    int other = step(0, Op.STORE, "x.c:2", 8, 2);
    int second = step(0, Op.STORE, "x.c:3", 0, 3);
    int fresh = step(1, Op.LOAD, "x.c:9", 0, 3);
    int stale = step(1, Op.LOAD, "x.c:9", 0, 1, Flag.STALE);
    int initial = step(1, Op.LOAD, "x.c:9", 16, 0);
    Origins origins = origins();
    assertThat(origins.of(fresh)).contains(second);
    assertThat(origins.newerThan(fresh)).isEmpty();
    assertThat(origins.of(stale)).contains(first);
    assertThat(origins.newerThan(stale)).contains(second);
    assertThat(origins.of(initial)).isEmpty();
    assertThat(origins.isInitial(initial)).isTrue();
    assertThat(origins.isInitial(stale)).isFalse();
    assertThat(origins.of(other)).isEmpty();
  }

  /** A change by one atomic operation takes a time, though its step does not say which. */
  @Test
  void atomicOperationsCommitToo() {
    int store = step(0, Op.STORE, "x.c:1", 0, 1);
    int change = step(1, Op.RMW, "x.c:2", 0, 999);
    int load = step(0, Op.LOAD, "x.c:3", 0, 2);
    int failed = step(0, Op.CAS_FAIL, "x.c:4", 0, 999);
    Origins origins = origins();
    assertThat(origins.of(change)).contains(store);
    assertThat(origins.of(load)).contains(change);
    assertThat(origins.of(failed)).contains(change);
  }

  @Test
  void aHeldStoreIsSeenFromItsCommitOn() {
    int held = step(0, Op.STORE, "x.c:1", 0, 0, Flag.HELD, Flag.EVENT);
    int queued = step(0, Op.STORE, "x.c:2", 0, 0);
    int before = step(1, Op.LOAD, "x.c:9", 0, 0);
    step(0, Op.COMMIT, "x.c:1", 0, 1);
    int between = step(1, Op.LOAD, "x.c:9", 0, 1);
    step(0, Op.COMMIT, "x.c:2", 0, 2);
    int after = step(1, Op.LOAD, "x.c:9", 0, 2);
    Origins origins = origins();
    assertThat(origins.newerThan(before)).contains(queued);
    assertThat(origins.of(between)).contains(held);
    assertThat(origins.of(after)).contains(queued);
    assertThat(origins.newerThan(after)).isEmpty();
  }

  @Test
  void anEarlyStoreIsThatOfItsCommit() {
    int early = step(0, Op.COMMIT, "x.c:5", 0, 1, Flag.EVENT);
    int load = step(1, Op.LOAD, "x.c:9", 0, 1);
    step(0, Op.STORE, "x.c:5", 0, 1);
    int later = step(1, Op.LOAD, "x.c:9", 0, 1);
    Origins origins = origins();
    assertThat(origins.of(load)).contains(early);
    assertThat(origins.of(later)).contains(early);
    assertThat(origins.newerThan(later)).isEmpty();
  }

  @Test
  void neighboursInOneWordAreApart() {
    steps.add(new Step(0, 0, Op.STORE, "x.c:1", 4, 4, 1, 1, Set.of()));
    steps.add(new Step(1, 0, Op.CAS_FAIL, "x.c:2", 0, 4, 0, 0, Set.of()));
    steps.add(new Step(1, 0, Op.CAS_FAIL, "x.c:2", 4, 4, 0, 0, Set.of()));
    assertThat(origins().of(1)).isEmpty();
    assertThat(origins().of(2)).contains(0);
  }

  @Test
  void aMessageComesFromTheSendWithItsBytes() {
    int first = step(0, Op.SEND, "x.c:1", 2, 0xaa);
    int second = step(0, Op.SEND, "x.c:1", 2, 0xbb);
    int third = step(0, Op.SEND, "x.c:1", 2, 0xcc);
    int otherWay = step(1, Op.SEND, "x.c:1", 3, 0xbb);
    int overtaking = step(1, Op.RECV, "x.c:2", 2, 0xbb);
    int changed = step(1, Op.RECV, "x.c:2", 2, 0xdd);
    int whole = step(1, Op.RECV, "x.c:2", 2, 0xcc);
    int nothing = step(1, Op.RECV, "x.c:2", 2, 0xee);
    int stranger = step(1, Op.RECV, "x.c:2", -1, 0);
    Origins origins = origins();
    assertThat(List.of(overtaking, changed, whole, nothing, stranger).stream().map(origins::of))
        .containsExactly(
            Optional.of(second),
            Optional.of(first),
            Optional.of(third),
            Optional.empty(),
            Optional.empty());
    assertThat(origins.of(otherWay)).isEmpty();
  }

  /** What is missing may have written it. */
  @Test
  void nothingIsInitialWhereTheBeginningIsMissing() {
    int load = step(1, Op.LOAD, "x.c:9", 0, 0);
    Origins origins = Origins.of(new Trace(List.of("a", "b"), steps, 1, true));
    assertThat(origins.isInitial(load)).isFalse();
  }
}
