package dev.cryofuzz.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.HeaderEnum;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ScenarioTest {
  private static final Scenario WEAK = Scenario.of("queue", "full", MemoryModel.WEAK);

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void modelsAndActionsAreNumberedLikeTheHeaders() throws Exception {
    assertThat(HeaderEnum.names("cryofuzz.h", "cf_memory", "CF_"))
        .isEqualTo(Arrays.stream(MemoryModel.values()).map(Enum::name).toList());
    List<String> actions = HeaderEnum.names("control.h", "cf_do", "CF_DO_?");
    assertThat(actions.subList(1, actions.size() - 1))
        .isEqualTo(Arrays.stream(ActionType.values()).map(Enum::name).toList());
    for (ActionType type : ActionType.values()) {
      assertThat(ActionType.of(type.number())).contains(type);
      assertThat(type.text()).isEqualTo(type.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  @Test
  void eventsAreInOneOrderHoweverTheyCame() {
    List<Event> canonical =
        List.of(
            Event.of("reader", 2, new Action.Delay(9)),
            Event.of("reader", 2, new Action.Stale(1)),
            Event.of("reader", 10, new Action.Stale(1)),
            Event.of("writer0", 0, new Action.Hold(4)));
    List<Event> shuffled = IntStream.of(3, 1, 0, 2).mapToObj(canonical::get).toList();
    assertThat(WEAK.withEvents(shuffled).events()).isEqualTo(canonical);
    assertThat(WEAK.withEvents(shuffled)).isEqualTo(WEAK.withEvents(canonical));
  }

  @Test
  void aStrongerModelLosesItsImpossibleEvents() {
    Scenario scenario =
        WEAK.withEvents(
            List.of(
                Event.of("reader", 2, new Action.Stale(1)),
                Event.of("reader", 3, new Action.Hold(4)),
                Event.of("reader", 4, new Action.Delay(1))));
    assertThat(scenario.withMemory(MemoryModel.X86).events()).hasSize(2);
    assertThat(scenario.withMemory(MemoryModel.SC).events())
        .containsExactly(Event.of("reader", 4, new Action.Delay(1)));
  }

  @Test
  void impossibleEventsAreRefused() {
    Scenario sc = Scenario.of("queue", "full", MemoryModel.SC);
    assertRefused(
        () -> sc.withEvents(List.of(Event.of("reader", 3, new Action.Hold(4)))),
        "memory=sc: has no hold");
    assertRefused(
        () ->
            Scenario.of("queue", "full", MemoryModel.X86)
                .withEvents(List.of(Event.of("reader", 3, new Action.Stale(4)))),
        "memory=x86: has no stale");
  }

  @Test
  void twoOfAKindAtOnePointAreRefusedAndLeftOutWhenMerging() {
    Event first = Event.of("reader", 2, new Action.Stale(1));
    Event second = Event.of("reader", 2, new Action.Stale(2));
    assertRefused(
        () -> WEAK.withEvents(List.of(first, second)), "events: two of do=stale at=reader#2");
    assertThat(WEAK.withEvents(List.of(first)).withMoreEvents(List.of(second)).events())
        .containsExactly(first);
  }

  @Test
  void thereAreAtMost64Events() {
    List<Event> many =
        IntStream.range(0, 65).mapToObj(i -> Event.of("reader", i, new Action.Delay(1))).toList();
    assertRefused(() -> WEAK.withEvents(many), "events=65: at most 64");
    assertThat(WEAK.withMoreEvents(many).events()).hasSize(64);
  }

  @Test
  void boundsAreKept() {
    assertRefused(() -> new Action.Stale(0), "back=0: expected a number from 1 to 16");
    assertRefused(
        () -> new Action.Rewrite("cmd", 1L << 32),
        "value=4294967296: expected a number from 0 to 4294967295");
    assertRefused(() -> new Action.Switch("a b"), "to=a b: expected a name like \"reader\"");
    assertRefused(() -> Anchor.at("reader", 65536), "point=65536: expected 0 to 65535");
    assertRefused(
        () -> new Anchor("reader", 1, Optional.empty(), 1),
        "nth=1: expected a site to count visits of");
    assertRefused(
        () -> Event.of("reader", 4, new Action.Hold(4)), "until=4: expected a point after 4");
    assertRefused(
        () -> Event.of("reader", 4, new Action.Switch("reader")),
        "to=reader: expected another actor");
    assertRefused(
        () -> WEAK.withBuild("no/path"), "build=no/path: expected an id like \"0a1b2c3d\"");
  }

  @Test
  void anchorsReadBack() {
    assertThat(Anchor.parse("reader#12")).contains(Anchor.at("reader", 12));
    assertThat(Anchor.parse("reader#12").orElseThrow().text()).isEqualTo("reader#12");
    for (String wrong : List.of("reader", "#1", "reader#", "reader#01", "reader#65536", "r#-1")) {
      assertThat(Anchor.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void shapesNameTheirActors() {
    assertThat(Examples.QUEUE.actors(WEAK.params())).containsExactly("reader", "writer0");
    assertThat(Examples.QUEUE.actors(WEAK.withParam("writers", 3).params()))
        .containsExactly("reader", "writer0", "writer1", "writer2");
    assertRefused(
        () ->
            new Shape(
                "queue",
                "full",
                MemoryModel.SC,
                List.of(new Role("writer", Optional.of("writers"))),
                List.of(),
                List.of(),
                List.of()),
        "role=writer: count=writers is no param");
  }

  /** The fast check of names and the pattern of the schema are the same. */
  @Test
  void namesAreWhatThePatternSays() {
    SplittableRandom random = new SplittableRandom(6);
    String letters = "aZ_09.- #\u00e4\n";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(5) == 0 ? 60 + random.nextInt(8) : random.nextInt(4);
      int known = length < 60 ? letters.length() : 6;
      random.ints(length, 0, known).forEach(letter -> text.append(letters.charAt(letter)));
      assertThat(Names.isName(text.toString()))
          .as(text.toString())
          .isEqualTo(text.toString().matches(Names.NAME_PATTERN));
    }
  }
}
