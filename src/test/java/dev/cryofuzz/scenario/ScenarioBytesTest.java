package dev.cryofuzz.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioBytesTest {
  private static final int TRIES = 30_000;

  static Stream<Shape> shapes() {
    return Stream.concat(
        Stream.of(Examples.MAILBOX, Examples.ALONE),
        Arrays.stream(MemoryModel.values()).map(Examples::queue));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyByteStringIsAScenarioAndEncodeIsTheInverse(Shape shape) {
    ScenarioBytes codec = new ScenarioBytes(shape);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIES; i++) {
      byte[] bytes = Examples.randomBytes(random);
      Scenario scenario = codec.decode(bytes);
      shape.checkParams(scenario.params());
      List<String> actors = shape.actors(scenario.params());
      assertThat(actors).containsAll(scenario.events().stream().map(e -> e.at().actor()).toList());
      assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void exactlyThePossibleActionsComeOut(Shape shape) {
    Set<ActionType> seen = EnumSet.noneOf(ActionType.class);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 2000; i++) {
      new ScenarioBytes(shape)
          .decode(Examples.randomBytes(random))
          .events()
          .forEach(event -> seen.add(event.action().type()));
    }
    assertThat(Arrays.stream(ActionType.values()).filter(type -> isExpected(shape, type)))
        .containsExactlyInAnyOrderElementsOf(seen);
  }

  /** Written down apart from Shape.allows. */
  private static boolean isExpected(Shape shape, ActionType type) {
    return switch (type) {
      case SWITCH, DELAY -> shape != Examples.ALONE;
      case STALE, SPURIOUS -> shape.memory().isWeakerOrEqual(MemoryModel.WEAK);
      case EARLY -> shape.memory() == MemoryModel.WEAK_EARLY;
      case HOLD -> shape.memory() != MemoryModel.SC;
      case INFECT, CHECKPOINT, STOP, FAIL, SHORT, SIGNAL, KILL, EXPIRE, AFFINITY ->
          shape.target().equals("queue");
      default -> shape == Examples.MAILBOX;
    };
  }

  @Test
  void extremeScenariosSurvive() {
    Scenario scenario =
        new ScenarioBytes(Examples.MAILBOX)
            .decode(new byte[0])
            .withParams(Map.of("size", 1000, "offset", -70000))
            .withEvents(
                List.of(
                    Event.of("client", 0, new Action.Rewrite("err", 0xffff_ffffL)),
                    Event.of("client", 65534, new Action.Hold(65535)),
                    Event.of("client", 0, new Action.Hold(65535)),
                    Event.of("server", 65535, new Action.Delay(65535)),
                    Event.of("server", 512, new Action.Extend(1)),
                    Event.of("server", 511, new Action.Trim(0)),
                    Event.of("server", 511, new Action.Split(65535)),
                    Event.of("server", 511, new Action.StrayFd())));
    ScenarioBytes codec = new ScenarioBytes(Examples.MAILBOX);
    assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
  }

  @Test
  void faultsSurvive() {
    Scenario scenario =
        new ScenarioBytes(Examples.QUEUE)
            .decode(new byte[0])
            .withEvents(
                List.of(
                    Event.of("reader", 0, new Action.Fail(Errno.EINTR)),
                    Event.of("reader", 0, new Action.Signalled(Signal.SIGIO)),
                    Event.of("reader", 1, new Action.Fail(Errno.ENOBUFS)),
                    Event.of("reader", 9, new Action.Short(1)),
                    Event.of("reader", 65535, new Action.Kill()),
                    Event.of("writer0", 9, new Action.Signalled(Signal.SIGHUP)),
                    Event.of("writer0", 10, new Action.Short(65535)),
                    Event.of("writer0", 11, new Action.Expire()),
                    Event.of("writer0", 12, new Action.Affinity(255))));
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
  }

  @Test
  void freezesSurvive() {
    Scenario scenario =
        new ScenarioBytes(Examples.QUEUE)
            .decode(new byte[0])
            .withEvents(
                List.of(
                    Event.of("reader", 0, new Action.Infect("inject", 0, Where.HERE)),
                    Event.of("reader", 9, new Action.Infect("inject", 6, Where.step(64))),
                    Event.of("reader", 10, new Action.Checkpoint("criu", Where.HERE)),
                    Event.of("writer0", 9, new Action.Infect("inject", 1, Where.step(13))),
                    Event.of("writer0", 10, new Action.Checkpoint("criu", Where.INSIDE)),
                    Event.of("writer0", 11, new Action.Stop("SIGSTOP", Where.INSIDE)),
                    Event.of("writer0", 12, new Action.Stop("cgroup", Where.HERE))));
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
  }

  @Test
  void sixtyFourEventsSurvive() {
    Scenario scenario = Examples.QUEUE.defaultRun();
    for (int i = 0; i < Scenario.MAX_EVENTS; i++) {
      Event event = Event.of("reader", i * 1000, new Action.Stale(1 + i % 16));
      scenario = scenario.withMoreEvents(List.of(event));
    }
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    assertThat(scenario.events()).hasSize(64);
    assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
  }

  @Test
  void noBytesAreTheDefaultRun() {
    assertThat(new ScenarioBytes(Examples.QUEUE).decode(new byte[0]))
        .isEqualTo(Examples.QUEUE.defaultRun());
  }

  @Test
  void mostRandomEventsAreNear() {
    SplittableRandom random = new SplittableRandom(3);
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    List<Event> events =
        Stream.generate(() -> codec.decode(Examples.randomBytes(random)))
            .limit(1000)
            .flatMap(scenario -> scenario.events().stream())
            .toList();
    assertThat(events.stream().filter(event -> event.at().point() < 512).count())
        .isGreaterThan(events.size() * 9L / 10);
  }

  @Test
  void missingParamsAreEncodedAsDefaults() {
    Scenario scenario =
        Scenario.of("queue", "no-barrier", MemoryModel.WEAK).withParam("writers", 4);
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    assertThat(codec.decode(codec.encode(scenario)).params())
        .isEqualTo(Map.of("writers", 4, "messages", 3));
  }

  @Test
  void whatBytesCannotSayIsLeftOut() {
    Scenario bare =
        Examples.QUEUE.defaultRun().withEvents(List.of(Event.of("reader", 2, new Action.Stale(1))));
    Event sited = bare.events().get(0).withAt(Anchor.at("reader", 2).withSite("queue.c:57", 1));
    Scenario full =
        bare.withEvents(List.of(sited)).withExpect("stale-read in queue.pop").withBuild("0a1b");
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    assertThat(codec.decode(codec.encode(full))).isEqualTo(bare).isEqualTo(full.bare());
  }

  @Test
  void scenariosOfOtherShapesAreRefused() {
    ScenarioBytes codec = new ScenarioBytes(Examples.QUEUE);
    Scenario scenario = Examples.QUEUE.defaultRun();
    assertThatThrownBy(() -> codec.encode(scenario.withVariant("full")))
        .hasMessageContaining("variant=full");
    assertThatThrownBy(() -> codec.encode(scenario.withParam("writers", 9)))
        .hasMessage("writers=9: expected 1 to 4");
    assertThatThrownBy(() -> codec.encode(scenario.withParam("depth", 9)))
        .hasMessage("param=depth: unknown, queue has [writers, messages]");
    for (Event event :
        List.of(
            Event.of("writer1", 0, new Action.Delay(1)),
            Event.of("reader", 0, new Action.Drop()),
            Event.of("reader", 0, new Action.Switch("writer1")))) {
      assertThatThrownBy(() -> codec.encode(scenario.withEvents(List.of(event))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not of this shape");
    }
  }
}
