package dev.cryofuzz.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Scenario QUEUE = Scenario.of("queue", "no-barrier", MemoryModel.WEAK);

  @Test
  void aStaleReadInTheQueue() throws Exception {
    Scenario scenario =
        QUEUE.withEvents(
            List.of(
                Event.of("reader", 1, new Action.Stale(1)),
                Event.of("writer0", 1, new Action.Switch("reader"))));
    Golden.assertMatches("trace/stale-read.txt", Timeline.render(staleRead().trace(), scenario));
  }

  private static Steps staleRead() {
    return new Steps("reader", "writer0")
        .at("reader", 0, Op.SPIN, "queue.c:55", 8, 0)
        .to("reader", 0, "writer0")
        .at("writer0", 0, Op.STORE, "queue.c:41", 64, 7)
        .at("writer0", 0, Op.COMMIT, "queue.c:41", 64, 7)
        .at("writer0", 1, Op.STORE, "queue.c:43", 8, 1)
        .at("writer0", 1, Op.COMMIT, "queue.c:43", 8, 1)
        .at("writer0", 1, Op.SWITCH, "", 0, 0, Flag.EVENT)
        .at("reader", 1, Op.LOAD, "queue.c:57", 64, 0, Flag.EVENT, Flag.STALE)
        .at("reader", 1, Op.FAIL, "queue.c:61", 0, 0);
  }

  @Test
  void messagesFencesAndWaits() throws Exception {
    Scenario scenario =
        Scenario.of("mailbox", "full", MemoryModel.WEAK)
            .withEvents(
                List.of(
                    Event.of("client", 0, new Action.Rewrite("cmd", 0xffff_ffffL)),
                    Event.of("client", 0, new Action.Trim(4))));
    Trace trace =
        new Steps("client", "server")
            .at("client", 0, Op.SEND, "mailbox.c:12", 0, 12, Flag.EVENT)
            .fence("client", 1, 5, "mailbox.c:13")
            .at("client", 2, Op.RECV, "mailbox.c:14", 0, 0)
            .at("client", 2, Op.PARK, "mailbox.c:14", 0, 0)
            .to("client", 2, "server")
            .at("server", 0, Op.RECV, "mailbox.c:80", 1, 4)
            .at("server", 1, Op.RMW, "mailbox.c:81", 32, -1, Flag.ATOMIC)
            .at("server", 2, Op.CAS_FAIL, "mailbox.c:82", 32, 0x7fff_0000L)
            .at("server", 3, Op.SLEEP, "mailbox.c:83", 0, 0, Flag.TIMEOUT)
            .at("server", 4, Op.END, "", 0, 0)
            .trace();
    Golden.assertMatches("trace/messages.txt", Timeline.render(trace, scenario));
  }

  @Test
  void locksAndThreads() throws Exception {
    Trace trace =
        new Steps("main", "thread0")
            .object("main", 0, "create", 1, 0)
            .object("main", 1, "lock", 64, 0)
            .object("main", 2, "wait", 104, 0)
            .to("main", 2, "thread0")
            .object("thread0", 0, "lock", 64, 130)
            .object("thread0", 1, "wake-all", 104, 1)
            .at("thread0", 2, Op.OBJECT, "monitor.c:6", -1, -4, Flag.EVENT)
            .object("main", 3, "join", 1, 0)
            .trace();
    Golden.assertMatches(
        "trace/locks.txt",
        Timeline.render(trace, Scenario.of("monitor", "buffer", MemoryModel.SC)));
  }

  @Test
  void callsThatHaveNoOperationOfTheirOwn() throws Exception {
    Trace trace =
        new Steps("parent", "child0")
            .call("parent", 0, "alarm", 0, 2)
            .call("parent", 1, "write", 5, 8)
            .call("parent", 2, "read", 5, -4)
            .call("parent", 3, "kill", 1, 15)
            .call("parent", 4, "suspend", 0, -4)
            .call("parent", 5, "sigwait", 0, 17)
            .call("parent", 6, "sigwait", 0, -11)
            .call("parent", 7, "sigwait", 0, 34)
            .call("parent", 8, "timer", 0, 1_500_000_000)
            .trace();
    Golden.assertMatches(
        "trace/calls.txt",
        Timeline.render(trace, Scenario.of("reaper", "handler", MemoryModel.SC)));
  }

  /** Which one it is for, and, where actors decide about children, who has changed. */
  @Test
  void waitsForChildren() throws Exception {
    long other = 255;
    long nobody = 1 << 16;
    Trace trace =
        new Steps("parent")
            .call("parent", 0, "wait", 0, 0)
            .call("parent", 1, "wait", 0, nobody)
            .call("parent", 2, "wait", 0, 1 | 1 << 8)
            .call("parent", 3, "wait", 2, 2 | 5 << 8)
            .call("parent", 4, "wait", other, other | 2 << 8)
            .call("parent", 5, "wait", 2, -4)
            .trace();
    Golden.assertMatches(
        "trace/waits.txt",
        Timeline.render(trace, Scenario.of("reaper", "handler", MemoryModel.SC)));
  }

  @Test
  void aHeldStoreShowsWhenItCommits() throws Exception {
    Scenario scenario = QUEUE.withEvents(List.of(Event.of("writer0", 0, new Action.Hold(2))));
    Trace trace =
        new Steps("reader", "writer0")
            .at("writer0", 0, Op.STORE, "queue.c:41", 64, 7, Flag.EVENT, Flag.HELD)
            .at("writer0", 1, Op.LOAD, "queue.c:42", 64, 7, Flag.FORWARD)
            .at("writer0", 1, Op.STORE, "queue.c:43", 8, 1)
            .at("writer0", 1, Op.COMMIT, "queue.c:43", 8, 1)
            .at("writer0", 2, Op.COMMIT, "queue.c:41", 64, 7)
            .at("writer0", 2, Op.COMMIT, "queue.c:41", 64, 7)
            .at("writer0", 2, Op.YIELD, "queue.c:44", 0, 0)
            .trace();
    Golden.assertMatches("trace/held-store.txt", Timeline.render(trace, scenario));
  }

  @Test
  void eightActorsFitByGoingOnBelow() throws Exception {
    String[] names = {"reader", "w0", "w1", "w2", "w3", "w4", "w5", "a-writer-with-a-long-name"};
    Steps steps = new Steps(names);
    for (int i = 0; i < names.length; i++) {
      steps.at(names[i], 1000 + i, Op.STORE, "queue.c:4" + i, 64 + i, 0x1234_5678_9abcL * i);
      steps.to(names[i], 1000 + i, names[(i + 1) % names.length]);
    }
    String text = Timeline.render(steps.trace(), QUEUE);
    assertThat(text.lines()).allMatch(line -> line.length() <= 160);
    Golden.assertMatches("trace/eight-actors.txt", text);
  }

  @Test
  void wideTextsStayOnOneLineWhereThereIsRoom() {
    Trace trace = staleRead().trace();
    assertThat(Timeline.render(trace, QUEUE, 200, 100).lines()).hasSize(2 + 7);
    assertThat(Timeline.render(trace, QUEUE, 40, 100).lines().count()).isGreaterThan(2 + 7);
  }

  @Test
  void theEndOfALongRunIsShown() {
    Trace trace = staleRead().cut();
    assertThat(Timeline.render(trace, QUEUE)).startsWith("(earlier steps are missing)\nreader");
    String tail = Timeline.render(trace, QUEUE, 120, 2);
    assertThat(tail).startsWith("(5 earlier lines are left out)\n").contains("fail");
    assertThat(tail.lines()).hasSize(1 + 2 + 2);
  }

  @Test
  void aRunWithoutStepsHasItsHeads() {
    assertThat(Timeline.render(new Steps("a", "b").trace(), QUEUE)).isEqualTo("a | b |\n- | - |\n");
  }

  /** One that an event made, not one that the actor would have made by itself. */
  @Test
  void aSwitchByAnEventIsMarked() {
    Scenario scenario = QUEUE.withEvents(List.of(Event.of("a", 3, new Action.Switch("b"))));
    Trace trace = new Steps("a", "b", "c").to("a", 2, "b").to("a", 3, "b").to("a", 3, "c").trace();
    assertThat(Timeline.render(trace, scenario).lines().filter(line -> line.contains("*")))
        .singleElement()
        .asString()
        .contains("#3 -> b", "* switch to=b");
  }

  @Test
  void hostileNamesStayInTheirLine() {
    Trace trace = new Steps("a").at("a", 0, Op.MARK, "x\u001b[2J\n\u202e.c:1", 0, 0).trace();
    assertThat(Timeline.render(trace, QUEUE)).endsWith("#0 mark | x?[2J??.c:1\n");
  }
}
