package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private static final Scenario SCENARIO =
      Scenario.of("compel", "register-lost", MemoryModel.SC)
          .withEvents(List.of(Event.of("spy", 3, new Action.Trim(5))));

  private final List<Step> steps = new ArrayList<>();

  private Trace taken() {
    Trace trace = new Trace(List.of("spy"), List.copyOf(steps), 1, false);
    steps.clear();
    return trace;
  }

  private SideBySideTest step(Op op, long address, long value, long contents, Flag... flags) {
    steps.add(new Step(0, steps.size(), op, "spy.c:1", address, 8, value, contents, Set.of(flags)));
    return this;
  }

  private SideBySideTest mark(String name) {
    byte[] text = ByteBuffer.allocate(16).put(name.getBytes(StandardCharsets.UTF_8)).array();
    ByteBuffer words = ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN);
    return step(Op.MARK, words.getLong(), words.getLong(), 0);
  }

  @Test
  void stagesThatDifferAreTold() {
    Trace failing =
        mark("stop")
            .mark("command")
            .step(Op.RECV, 0, 12, 7)
            .step(Op.SEND, 0, 5, 7, Flag.EVENT)
            .mark("command")
            .step(Op.FAIL, 0, 0, 0)
            .taken();
    Trace passing =
        mark("stop")
            .mark("command")
            .step(Op.RECV, 0, 12, 7)
            .step(Op.SEND, 0, 12, 7)
            .mark("command")
            .mark("cure")
            .taken();
    assertThat(SideBySide.of(failing, SCENARIO, passing))
        .containsExactly(
            new SideBySide.Row("stop", "", "", false),
            new SideBySide.Row(
                "command",
                "recv 12 bytes, send 5 bytes (trim to 5)",
                "recv 12 bytes, send 12 bytes",
                true),
            new SideBySide.Row("command", "fail", "", true),
            new SideBySide.Row("cure", "-", "", true));
  }

  /** The same number of bytes, but others. */
  @Test
  void contentsCount() {
    Trace failing = step(Op.RECV, 0, 12, 7).taken();
    Trace passing = step(Op.RECV, 0, 12, 8).taken();
    assertThat(SideBySide.of(failing, SCENARIO, passing))
        .containsExactly(new SideBySide.Row("frame 1", "recv 12 bytes", "recv 12 bytes", true));
  }

  @Test
  void aStageOfOneOnlyDisturbsNoOther() {
    Trace failing = mark("stop").mark("recover").mark("cure").taken();
    Trace passing = mark("stop").mark("infect").mark("cure").taken();
    assertThat(SideBySide.of(failing, SCENARIO, passing).stream().map(SideBySide.Row::stage))
        .containsExactly("stop", "recover", "infect", "cure");
  }
}
