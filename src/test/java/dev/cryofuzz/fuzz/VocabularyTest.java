package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Errno;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.scenario.Signal;
import dev.cryofuzz.scenario.Where;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void aLoadCanBeStaleAndLoseTheToken() {
    assertThat(words(MemoryModel.WEAK, Op.LOAD))
        .containsExactly(
            Event.of("a", 5, new Action.Switch("b")),
            Event.of("a", 5, new Action.Delay(4)),
            Event.of("a", 5, new Action.Stale(1)),
            Event.of("a", 5, new Action.Stale(2)));
  }

  @Test
  void whatTheModelForbidsIsNoWord() {
    assertThat(words(MemoryModel.SC, Op.LOAD)).hasSize(2);
    assertThat(words(MemoryModel.SC, Op.STORE)).hasSize(2);
    assertThat(words(MemoryModel.X86, Op.STORE)).hasSize(6);
  }

  @Test
  void frameEventsComeWithMessagesOnly() {
    assertThat(words(MemoryModel.SC, Op.RECV))
        .contains(Event.of("a", 5, new Action.Drop()), Event.of("a", 5, new Action.Trim(8)))
        .contains(Event.of("a", 5, new Action.Rewrite("cmd", 1)));
    assertThat(words(MemoryModel.SC, Op.CLOSE)).hasSize(2);
  }

  @Test
  void anActorMovesWhereThatIsAskedFor() {
    Event move = Event.of("a", 5, new Action.Affinity(1));
    assertThat(words(MemoryModel.SC, Op.LOAD, ActionType.of(Family.MACHINE))).contains(move);
    assertThat(words(MemoryModel.SC, Op.LOAD)).doesNotContain(move);
  }

  @Test
  void faultsComeWhereTheyAreAskedForAndCanHappen() {
    Set<ActionType> faults = ActionType.of(Family.FAULT);
    assertThat(words(MemoryModel.SC, Op.POLL, faults))
        .contains(Event.of("a", 5, new Action.Fail(Errno.EINTR)))
        .contains(Event.of("a", 5, new Action.Expire()), Event.of("a", 5, new Action.Kill()))
        .doesNotContain(Event.of("a", 5, new Action.Fail(Errno.EPIPE)))
        .doesNotContain(Event.of("a", 5, new Action.Short(1)));
    assertThat(words(MemoryModel.SC, Op.SEND, faults))
        .contains(Event.of("a", 5, new Action.Fail(Errno.EPIPE)))
        .contains(Event.of("a", 5, new Action.Short(1)));
    assertThat(words(MemoryModel.SC, Op.LOAD, faults))
        .contains(Event.of("a", 5, new Action.Signalled(Signal.SIGTERM)))
        .doesNotContain(Event.of("a", 5, new Action.Expire()));
  }

  @Test
  void anAlarmMayRingAnywhere() {
    assertThat(words(MemoryModel.SC, Op.LOAD, Set.of(ActionType.EXPIRE)))
        .contains(Event.of("a", 5, new Action.Expire()));
    assertThat(words(MemoryModel.SC, Op.POLL, Set.of(ActionType.EXPIRE)))
        .containsOnlyOnce(Event.of("a", 5, new Action.Expire()));
  }

  @Test
  void stopsComeWithFreezes() {
    Set<ActionType> stop = Set.of(ActionType.STOP);
    assertThat(words(MemoryModel.SC, Op.LOAD, stop))
        .contains(Event.of("a", 5, new Action.Stop("SIGSTOP", Where.HERE)))
        .doesNotContain(Event.of("a", 5, new Action.Stop("cgroup", Where.INSIDE)));
    assertThat(words(MemoryModel.SC, Op.RECV, stop))
        .contains(Event.of("a", 5, new Action.Stop("cgroup", Where.INSIDE)));
  }

  @Test
  void aHandOverIsNoPlaceForEvents() {
    assertThat(words(MemoryModel.WEAK, Op.SWITCH)).isEmpty();
  }

  static Shape shape(MemoryModel memory) {
    return new Shape(
        "mine",
        "good",
        memory,
        List.of(new Role("a", Optional.empty()), new Role("b", Optional.of("size"))),
        List.of(new Param("size", 1, 4, 1)),
        List.of("cmd"),
        List.of("rpc"));
  }

  private static List<Event> words(MemoryModel memory, Op op) {
    return words(memory, op, Set.of());
  }

  private static List<Event> words(MemoryModel memory, Op op, Set<ActionType> extras) {
    Step step = new Step(0, 5, op, "mine.c:7", 0, 4, 0, 0, Set.of());
    Shape shape =
        new Shape(
            "mine",
            "good",
            memory,
            List.of(new Role("a", Optional.empty()), new Role("b", Optional.empty())),
            List.of(),
            List.of("cmd"),
            List.of("rpc"),
            extras);
    return Vocabulary.of(shape, new Trace(List.of("a", "b"), List.of(step), 1, false));
  }
}
