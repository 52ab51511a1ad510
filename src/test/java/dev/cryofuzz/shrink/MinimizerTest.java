package dev.cryofuzz.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.executor.Fired;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MinimizerTest {
  private static final Title TITLE = Title.parse("stale-read in queue.pop");
  private static final Title OTHER = Title.parse("hang in queue.c:3");

  private static final Event STALE = Event.of("reader", 7, new Action.Stale(3));
  private static final Event HOLD = Event.of("writer0", 2, new Action.Hold(30));
  private static final Event SWITCH = Event.of("reader", 3, new Action.Switch("writer0"));
  private static final Event DELAY = Event.of("reader", 1, new Action.Delay(40));
  private static final Event TRIM = Event.of("reader", 9, new Action.Trim(11));
  private static final Event REWRITE = Event.of("writer0", 4, new Action.Rewrite("cmd", 77));

  private static final Event FREEZE =
      Event.of("reader", 5, new Action.Infect(Action.Infect.INJECT, 4, Where.step(37)));

  private static final Scenario ALL =
      Scenario.of("queue", "no-barrier", MemoryModel.WEAK)
          .withParam("writers", 1)
          .withParam("messages", 1)
          .withEvents(List.of(STALE, HOLD, SWITCH, DELAY, TRIM, REWRITE));

  record Row(String name, Scenario scenario, Predicate<Scenario> fails, Scenario expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static boolean has(Scenario scenario, Class<? extends Action> action) {
    return scenario.events().stream().anyMatch(event -> action.isInstance(event.action()));
  }

  private static boolean has(Scenario scenario, Event event) {
    return scenario.events().contains(event);
  }

  private static boolean isFrozenLate(Event event) {
    return event.at().equals(FREEZE.at())
        && event.action() instanceof Action.Infect infect
        && infect.where().number() >= 5;
  }

  private static Scenario sc() {
    return ALL.withMemory(MemoryModel.SC);
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("always fails", ALL, s -> true, sc().withEvents(List.of())),
        new Row("one load of the past", ALL, s -> has(s, STALE), ALL.withEvents(List.of(STALE))),
        new Row(
            "the number of versions does not matter",
            ALL,
            s ->
                s.events().stream()
                    .anyMatch(e -> e.at().equals(STALE.at()) && has(s, Action.Stale.class)),
            ALL.withEvents(List.of(STALE.withAction(new Action.Stale(1))))),
        new Row(
            "a freeze with no more commands and instructions than it needs",
            sc().withEvents(List.of(FREEZE)),
            s -> s.events().stream().anyMatch(MinimizerTest::isFrozenLate),
            sc().withEvents(
                    List.of(
                        FREEZE.withAction(
                            new Action.Infect(Action.Infect.INJECT, 0, Where.step(5)))))),
        new Row(
            "a held store is had on x86",
            ALL,
            s -> has(s, Action.Hold.class),
            ALL.withMemory(MemoryModel.X86)
                .withEvents(List.of(Event.of("writer0", 0, new Action.Hold(1))))),
        new Row(
            "a store held long enough, from one point on",
            ALL,
            s ->
                s.events().stream()
                    .anyMatch(
                        e ->
                            e.at().equals(HOLD.at())
                                && e.action() instanceof Action.Hold h
                                && h.until() >= 17),
            ALL.withMemory(MemoryModel.X86)
                .withEvents(List.of(Event.of("writer0", 2, new Action.Hold(17))))),
        new Row(
            "two events, either alone passes",
            ALL,
            s -> has(s, SWITCH) && has(s, TRIM),
            sc().withEvents(List.of(SWITCH, TRIM))),
        new Row(
            "the least bytes and the simplest value",
            ALL,
            s -> has(s, Action.Trim.class) && has(s, Action.Rewrite.class),
            sc().withEvents(
                    List.of(
                        Event.of("reader", 0, new Action.Trim(0)),
                        Event.of("writer0", 0, new Action.Rewrite("cmd", 0))))),
        new Row(
            "a delay of at least five points, not before point 1",
            ALL,
            s ->
                s.events().stream()
                    .anyMatch(
                        e ->
                            e.at().point() >= 1
                                && e.action() instanceof Action.Delay d
                                && d.points() >= 5),
            sc().withEvents(List.of(Event.of("reader", 1, new Action.Delay(5))))),
        new Row(
            "params shrink to what is needed",
            ALL.withParam("messages", 9).withParam("writers", 4),
            s -> s.params().get("messages") >= 4,
            sc().withEvents(List.of()).withParam("messages", 4).withParam("writers", 1)),
        new Row(
            "params that were not named become explicit",
            ALL.withParams(java.util.Map.of()).withEvents(List.of()),
            s -> s.params().get("messages") >= 2,
            sc().withEvents(List.of()).withParam("messages", 2)),
        new Row(
            "the last writer becomes the first",
            Scenario.of("queue", "no-barrier", MemoryModel.SC)
                .withParam("writers", 3)
                .withParam("messages", 1)
                .withEvents(
                    List.of(
                        Event.of("writer2", 0, new Action.Switch("reader")),
                        Event.of("reader", 0, new Action.Switch("writer2")))),
            MinimizerTest::lastWriterAndReaderYieldToEachOther,
            sc().withEvents(
                    List.of(
                        Event.of("writer0", 0, new Action.Switch("reader")),
                        Event.of("reader", 0, new Action.Switch("writer0"))))));
  }

  private static boolean lastWriterAndReaderYieldToEachOther(Scenario s) {
    String last = "writer" + (s.params().get("writers") - 1);
    return has(s, Event.of(last, 0, new Action.Switch("reader")))
        && has(s, Event.of("reader", 0, new Action.Switch(last)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void keepsOnlyWhatIsNeeded(Row row) {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.QUEUE, TITLE, row.fails());
    Minimized minimized = Minimizer.with(executor).minimize(row.scenario(), TITLE).orElseThrow();
    assertThat(minimized.scenario()).isEqualTo(row.expected());
    assertThat(minimized.complete()).isTrue();
    assertThat(minimized.runs()).isEqualTo(executor.ran().size());
    assertOneMinimal(minimized.scenario(), row.fails());
    assertThat(executor.ran()).doesNotHaveDuplicates();
  }

  private static void assertOneMinimal(Scenario scenario, Predicate<Scenario> fails) {
    for (int i = 0; i < scenario.events().size(); i++) {
      assertThat(fails.test(FewerEvents.without(scenario, i, i + 1))).isFalse();
    }
  }

  @Test
  void aScenarioThatDoesNotFailSoIsNotMinimized() {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.QUEUE, OTHER, s -> true);
    assertThat(Minimizer.with(executor).minimize(ALL, TITLE)).isEmpty();
  }

  @Test
  void anotherTitleOnTheWayDoesNotCount() {
    FakeExecutor executor =
        FakeExecutor.of(
            Descriptions.QUEUE,
            (s, mode) -> FakeExecutor.found(s, has(s, SWITCH) && has(s, TRIM) ? TITLE : OTHER));
    assertThat(Minimizer.with(executor).minimize(ALL, TITLE).orElseThrow().scenario().events())
        .containsExactlyInAnyOrder(SWITCH, TRIM);
  }

  @Test
  void itStopsWhenToldWithWhatItHas() {
    FakeExecutor executor =
        FakeExecutor.failing(Descriptions.QUEUE, TITLE, s -> has(s, STALE) && has(s, TRIM));
    Minimized minimized =
        Minimizer.with(executor)
            .until(() -> executor.ran().size() >= 8)
            .minimize(ALL, TITLE)
            .orElseThrow();
    assertThat(minimized.complete()).isFalse();
    assertThat(minimized.runs()).isBetween(8, 10);
    assertThat(minimized.scenario().events()).contains(STALE, TRIM);
  }

  @Test
  void aFailureThatComesEveryThirdTimeIsFollowedByTryingOften() {
    int[] runs = {0};
    FakeExecutor executor =
        FakeExecutor.of(
            Descriptions.QUEUE,
            (s, mode) ->
                has(s, STALE) && runs[0]++ % 3 == 2
                    ? FakeExecutor.found(s, TITLE)
                    : FakeExecutor.pass(s));
    Minimized minimized =
        Minimizer.with(executor).trying(Tries.of(3, 10, false)).minimize(ALL, TITLE).orElseThrow();
    assertThat(minimized.scenario().events()).containsExactly(STALE);
  }

  /**
   * Each delay of the reader makes one of its later points happen twice; so the points of what
   * comes after it move by one when it is taken away, while sites stay.
   */
  @Test
  void whatMovesIsFoundAgainByItsSite() {
    Event delay = Event.of("reader", 1, new Action.Delay(2));
    Event stale = at(Event.of("reader", 7, new Action.Stale(1)), "queue.c:57");
    Scenario scenario = ALL.withEvents(List.of(at(delay, "queue.c:50"), stale));
    FakeExecutor executor =
        FakeExecutor.of(Descriptions.QUEUE, MinimizerTest::readerThatADelayPutsBack);
    Minimized minimized = Minimizer.with(executor).minimize(scenario, TITLE).orElseThrow();
    assertThat(minimized.scenario().events())
        .containsExactly(at(Event.of("reader", 6, new Action.Stale(1)), "queue.c:57"));
  }

  private static Event at(Event event, String site) {
    return event.withAt(event.at().withSite(site, 0));
  }

  private static Run readerThatADelayPutsBack(Scenario scenario, RunMode mode) {
    int load = has(scenario, Action.Delay.class) ? 7 : 6;
    List<Fired> fired = new ArrayList<>();
    boolean failed = false;
    for (Event event : scenario.events()) {
      Anchor at = event.at();
      boolean sited = mode.bySite() && at.site().isPresent();
      boolean isLoad = sited ? at.site().equals(Optional.of("queue.c:57")) : at.point() == load;
      if (event.action() instanceof Action.Stale) {
        failed |= isLoad;
        fired.add(
            isLoad
                ? new Fired(Fired.Fate.FIRED, load, "queue.c:57", 0)
                : new Fired(Fired.Fate.MOOT, at.point(), "", 0));
      } else {
        fired.add(new Fired(Fired.Fate.FIRED, at.point(), "queue.c:50", 0));
      }
    }
    Run run = failed ? FakeExecutor.found(scenario, TITLE) : FakeExecutor.pass(scenario);
    return new Run(
        run.verdict(), 1, 10, 0, 0, 0, 10, fired, List.of(), Optional.empty(), List.of());
  }

  @Test
  void eventsWithoutEffectAreDroppedAtOnce() {
    FakeExecutor executor =
        FakeExecutor.of(
            Descriptions.QUEUE,
            (s, mode) -> {
              Run run = FakeExecutor.found(s, TITLE);
              List<Fired> fired =
                  IntStream.range(0, s.events().size())
                      .mapToObj(
                          i ->
                              has(s.withEvents(List.of(s.events().get(i))), STALE)
                                  ? run.fired().get(i)
                                  : new Fired(Fired.Fate.UNREACHED, 0, "", 0))
                      .toList();
              return new Run(
                  has(s, STALE) ? run.verdict() : FakeExecutor.pass(s).verdict(),
                  1,
                  10,
                  0,
                  0,
                  0,
                  10,
                  fired,
                  List.of(),
                  Optional.empty(),
                  List.of());
            });
    Minimized minimized = Minimizer.with(executor).minimize(ALL, TITLE).orElseThrow();
    assertThat(executor.ran().get(1).events()).containsExactly(STALE);
    assertThat(minimized.scenario().events()).containsExactly(STALE);
  }
}
