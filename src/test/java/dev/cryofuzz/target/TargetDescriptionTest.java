package dev.cryofuzz.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.Golden;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.scenario.Where;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetDescriptionTest {
  private static TargetDescription read(String name) throws IOException {
    return TargetDescription.parse(Golden.resource("target/" + name + ".json"));
  }

  @Test
  void aDescriptionIsReadAsItIs() throws Exception {
    TargetDescription queue = read("queue");
    assertThat(queue.name()).isEqualTo("queue");
    assertThat(queue.build()).isEqualTo("0a1b2c3d4e5f6071");
    assertThat(queue.shared()).isEqualTo(4096);
    assertThat(queue.unsupported()).isEmpty();
    assertThat(queue.defaultVariant().name()).isEqualTo("full");
    assertThat(queue.goodVariants()).containsExactly(queue.defaultVariant());
    assertThat(queue.variantIndex("no-barrier")).isEqualTo(1);
    assertThat(queue.paramIndex("messages")).isEqualTo(1);
    assertThat(queue.param("messages").what()).isEqualTo("of each writer");
    TargetDescription mailbox = read("mailbox");
    assertThat(mailbox.unsupported()).contains("no seqpacket sockets here");
    assertThat(mailbox.fieldIndex("ack")).isEqualTo(1);
    assertThat(mailbox.channels()).containsExactly(new Channel("rpc", "client", "server"));
  }

  @Test
  void aTargetThatFreezesSaysWhatItKeepsAndWhichVariantBreaksWhat() throws Exception {
    String text = Golden.resource("target/queue.json");
    TargetDescription freezing =
        TargetDescription.parse(
            text.replace("\"keeps\":    []", "\"keeps\": [\"flags\", \"umask\"]")
                .replace("pop\",\"breaks\":null", "pop\",\"breaks\":\"umask\""));
    assertThat(freezing.keeps()).containsExactly("flags", "umask");
    assertThat(freezing.variant("no-barrier").breaks()).contains("umask");
    assertThat(freezing.defaultVariant().breaks()).isEmpty();
  }

  @Test
  void paramsThatAreAsByDefaultNeedNotBeListed() throws Exception {
    TargetDescription queue = read("queue");
    int writers = queue.param("writers").param().def();
    int messages = queue.param("messages").param().def();
    Scenario scenario =
        Scenario.of("queue", "full", MemoryModel.SC)
            .withParams(Map.of("writers", writers, "messages", messages + 1));
    assertThat(queue.brief(scenario).params()).containsOnly(Map.entry("messages", messages + 1));
  }

  @Test
  void actorsFollowTheParams() throws Exception {
    TargetDescription queue = read("queue");
    assertThat(queue.actors(Map.of())).containsExactly("reader", "writer0");
    assertThat(queue.actorIndex(Map.of("writers", 3), "writer2")).isEqualTo(3);
  }

  @Test
  void aBadVariantFailsUnderItsModelAndWeakerOnes() throws Exception {
    Variant bad = read("queue").variant("no-barrier");
    assertThat(bad.isGood()).isFalse();
    assertThat(bad.expectUnder(MemoryModel.WEAK)).contains("stale-read in queue.pop");
    assertThat(bad.expectUnder(MemoryModel.X86)).isEmpty();
    assertThat(read("queue").defaultVariant().expectUnder(MemoryModel.WEAK)).isEmpty();
  }

  @Test
  void theShapeSaysWhatScenariosCanSay() throws Exception {
    Shape shape = read("mailbox").shape("full", MemoryModel.X86);
    assertThat(shape.fields()).containsExactly("cmd", "ack");
    assertThat(shape.channels()).containsExactly("rpc");
    assertThat(read("queue").shape("full", MemoryModel.SC).defaultRun().params())
        .isEqualTo(Map.of("messages", 3, "writers", 1));
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnownOnes() throws Exception {
    TargetDescription queue = read("queue");
    assertThatThrownBy(() -> queue.variant("barrier"))
        .isInstanceOf(UnknownName.class)
        .hasMessage("variant=barrier: unknown, target queue has full, no-barrier");
    assertThatThrownBy(() -> queue.shape("barrier", MemoryModel.SC))
        .isInstanceOf(UnknownName.class);
    assertThatThrownBy(() -> queue.fieldIndex("cmd"))
        .hasMessage("field=cmd: unknown, target queue has none");
    assertThatThrownBy(() -> queue.actorIndex(Map.of(), "writer1"))
        .hasMessage("actor=writer1: unknown, target queue has reader, writer0");
  }

  @Test
  void scenariosOfTheTargetAreChecked() throws Exception {
    TargetDescription queue = read("queue");
    Scenario scenario = Scenario.of("queue", "full", MemoryModel.WEAK);
    Event event = Event.of("writer3", 1, new Action.Switch("reader"));
    assertThatCode(() -> queue.check(scenario.withParam("writers", 4).withEvents(List.of(event))))
        .doesNotThrowAnyException();
    assertRefused(scenario.withEvents(List.of(event)), "actor=writer3: unknown, target queue has");
    assertRefused(scenario.withVariant("half"), "variant=half: unknown");
    assertRefused(scenario.withParam("writers", 5), "writers=5: expected 1 to 4");
    assertRefused(scenario.withParam("depth", 5), "param=depth: unknown");
    assertRefused(Scenario.of("ring", "full", MemoryModel.SC), "target=ring: unknown");
    assertRefused(
        scenario.withEvents(List.of(Event.of("reader", 1, new Action.Switch("writer1")))),
        "actor=writer1: unknown");
    assertRefused(
        scenario.withEvents(List.of(Event.of("reader", 1, new Action.Drop()))),
        "do=drop: target queue has no channel");
    assertRefused(
        scenario.withEvents(List.of(Event.of("reader", 1, new Action.Rewrite("cmd", 1)))),
        "field=cmd: unknown");
  }

  @Test
  void aTargetWithUncontrolledPeersHasFramesWithoutAChannel() throws Exception {
    String text =
        Golden.resource("target/queue.json").replace("\"external\": false", "\"external\": true");
    TargetDescription external = TargetDescription.parse(text);
    Event dropped = Event.of("reader", 1, new Action.Drop());
    Scenario scenario = Scenario.of("queue", "full", MemoryModel.SC).withEvents(List.of(dropped));
    assertThatCode(() -> external.check(scenario)).doesNotThrowAnyException();
    assertThat(external.shape("full", MemoryModel.SC).allows(ActionType.DROP, 1)).isTrue();
  }

  @Test
  void oneThatFreezesItselfIsNotFrozen() throws Exception {
    String text = Golden.resource("target/queue.json");
    Event infect = Event.of("reader", 1, new Action.Infect("inject", 1, Where.HERE));
    Scenario scenario = Scenario.of("queue", "full", MemoryModel.SC).withEvents(List.of(infect));
    assertThatCode(() -> TargetDescription.parse(text).check(scenario)).doesNotThrowAnyException();
    TargetDescription external =
        TargetDescription.parse(text.replace("\"external\": false", "\"external\": true"));
    assertThatThrownBy(() -> external.check(scenario))
        .hasMessageStartingWith("do=infect: target queue freezes a process of its own");
    assertThat(external.shape("full", MemoryModel.SC).allows(ActionType.INFECT, 1)).isFalse();
  }

  private static void assertRefused(Scenario scenario, String message) throws IOException {
    TargetDescription queue = read("queue");
    assertThatThrownBy(() -> queue.check(scenario))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"cryofuzz\": 1|\"cryofuzz\": 2|cryofuzz=2: expected 1",
        "\"memory\":\"weak\"|\"memory\":\"c11\"|memory=c11: expected one of sc, x86, weak, weak-early",
        "\"count\":\"writers\"|\"count\":\"many\"|count=many is no param",
        "\"min\":1|\"min\":7|min=7 max=4",
        "\"shared\": 4096|\"shared\": null|null",
        "pop\",\"breaks\":null|pop\",\"breaks\":\"umask\"|breaks=umask: unknown, target queue has none",
        "\"summary\"|\"summery\"|Missing creator property 'summary'",
        "\"fields\":   [],|gone|fields",
      })
  void otherDescriptionsAreRefused(String from, String to, String message) throws Exception {
    String json = Golden.resource("target/queue.json");
    String broken = json.replace(from, to.equals("gone") ? "" : to);
    assertThat(broken).isNotEqualTo(json);
    assertThatThrownBy(() -> TargetDescription.parse(broken))
        .isInstanceOf(MalformedDescription.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (String broken : List.of("", "{", "null", "[]", "Segmentation fault")) {
      assertThatThrownBy(() -> TargetDescription.parse(broken))
          .as(broken)
          .isInstanceOf(MalformedDescription.class);
    }
  }
}
