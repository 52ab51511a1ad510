package dev.cryofuzz.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.HeaderEnum;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final ActorEnd ENDED = new ActorEnd("writer0", ActorEnd.State.ENDED, "", "");

  private static RawViolation raised(Kind kind, String site) {
    return new RawViolation(kind.number(), site, kind.text() + "!");
  }

  private static ActorEnd end(String actor, ActorEnd.State state) {
    return new ActorEnd(actor, state, actor + ".c:7", state.name().toLowerCase() + " word");
  }

  private static Finding judged(List<RawViolation> raised, ActorEnd... ends) {
    return Judge.judge(raised, List.of(ends)).orElseThrow();
  }

  @Test
  void statesAreNumberedLikeTheHeader() throws Exception {
    assertThat(HeaderEnum.names("control.h", "cf_actor_state", "CF_ACTOR_"))
        .isEqualTo(Arrays.stream(ActorEnd.State.values()).map(Enum::name).toList());
    assertThat(ActorEnd.State.of(5)).isEmpty();
    assertThat(ActorEnd.State.of(4)).contains(ActorEnd.State.DEAD);
  }

  @Test
  void nothingRaisedAndAllEndedIsNoFinding() {
    assertThat(Judge.judge(List.of(), List.of(ENDED, ENDED))).isEmpty();
  }

  @Test
  void aViolationIsNamedByKindAndSite() {
    assertThat(judged(List.of(raised(Kind.STALE_READ, "queue.pop")), ENDED))
        .isEqualTo(new Finding(Title.parse("stale-read in queue.pop"), "stale-read!"));
  }

  @Test
  void ofSeveralTheCauseIsPrimaryWhateverCameFirst() {
    List<RawViolation> raised =
        List.of(
            raised(Kind.LEAK, "check"),
            raised(Kind.TRIMMED_MESSAGE, "rpc"),
            raised(Kind.SAVED_DATA_MODIFIED, "victim"));
    assertThat(judged(raised, end("reader", ActorEnd.State.DEAD)).title().text())
        .isEqualTo("saved-data-modified in victim");
  }

  @Test
  void ofEqualsTheFirstIsPrimary() {
    List<RawViolation> raised = List.of(raised(Kind.LEAK, "one"), raised(Kind.LEAK, "two"));
    assertThat(judged(raised, ENDED).title().site()).isEqualTo("one");
  }

  @Test
  void aDeadActorIsACrashAndThoseWhoWaitForItFollow() {
    Finding finding =
        judged(List.of(), end("reader", ActorEnd.State.PARKED), end("w", ActorEnd.State.DEAD));
    assertThat(finding).hasToString("crash in w.c:7: w died at w.c:7, waits for dead word");
  }

  @Test
  void ifNobodyCanGoOnTheDetailSaysWhoWaitsForWhat() {
    assertThat(judged(List.of(), end("a", ActorEnd.State.PARKED), ENDED))
        .hasToString("deadlock in a.c:7: a is blocked at a.c:7, waits for parked word");
    assertThat(
            judged(List.of(), end("a", ActorEnd.State.PARKED), end("b", ActorEnd.State.SPINNING)))
        .hasToString(
            "hang in b.c:7: a is blocked at a.c:7, waits for parked word;"
                + " b spins at b.c:7, waits for spinning word");
  }

  @Test
  void whoeverCouldGoOnIsNoDeadlock() {
    assertThat(
            Judge.judge(
                List.of(),
                List.of(end("a", ActorEnd.State.PARKED), end("b", ActorEnd.State.READY))))
        .isEmpty();
  }

  @Test
  void aRaisedDeadlockWithoutDetailGetsIt() {
    RawViolation deadlock = new RawViolation(Kind.DEADLOCK.number(), " ", "");
    assertThat(judged(List.of(deadlock), end("a", ActorEnd.State.PARKED)))
        .hasToString("deadlock in unknown: a is blocked at a.c:7, waits for parked word");
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> Judge.judge(List.of(new RawViolation(99, "x", "")), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kind=99: unknown");
  }
}
