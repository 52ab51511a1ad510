package dev.cryofuzz.explain;

import static dev.cryofuzz.explain.FakeExplorer.in1000;
import static dev.cryofuzz.explain.FakeExplorer.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.SiteOrder;
import dev.cryofuzz.executor.SiteOrder.Order;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CuresTest {
  private static final Title TITLE = new Title(Kind.STALE_READ, "queue.pop");
  private static final Title OTHER = new Title(Kind.DEADLOCK, "queue.push");
  private static final Place STORE = new Place("queue.c:41", false, true, true);
  private static final Place LOAD = new Place("queue.c:57", true, false, true);
  private static final Place BOTH = new Place("queue.c:60", true, true, true);
  private static final Place PRIVATE = new Place("queue.c:99", true, true, false);
  private static final SiteOrder RELEASE = new SiteOrder("queue.c:41", Order.RELEASE);
  private static final SiteOrder ACQUIRE = new SiteOrder("queue.c:57", Order.ACQUIRE);
  private static final SiteOrder FENCE = new SiteOrder("queue.c:57", Order.FENCE);

  private static Explanation explain(
      MemoryModel memory, Function<Experiment, SortedMap<String, Long>> rule) {
    Shape shape =
        new Shape(
            "queue",
            "no-barrier",
            memory,
            List.of(new Role("writer", Optional.empty()), new Role("reader", Optional.empty())),
            List.of(),
            List.of(),
            List.of());
    FakeExplorer explorer = new FakeExplorer(rule, STORE, LOAD, BOTH, PRIVATE);
    return new Explainer(explorer, 100_000, tried -> {})
        .explain(Scenario.of("queue", "no-barrier", memory), TITLE, shape);
  }

  /** It fails under weak, unless the sites are ordered so. */
  private static Explanation reordered(Predicate<List<SiteOrder>> cured) {
    return explain(
        MemoryModel.WEAK,
        e ->
            e.scenario().memory() == MemoryModel.WEAK && !cured.test(e.circumstances().orders())
                ? in1000(TITLE, 50)
                : nothing());
  }

  private static List<List<SiteOrder>> cures(Explanation explanation) {
    return explanation.cures().stream()
        .map(cure -> ((Intervention.Ordered) cure.intervention()).orders())
        .toList();
  }

  @Test
  void oneSiteIsEnough() {
    Explanation explanation = reordered(orders -> orders.contains(ACQUIRE));
    assertThat(cures(explanation)).containsExactly(List.of(ACQUIRE));
    assertThat(explanation.tried()).as("no pair, no fence").hasSize(4);
  }

  @Test
  void bothAreNeeded() {
    Explanation explanation = reordered(orders -> orders.containsAll(List.of(RELEASE, ACQUIRE)));
    assertThat(cures(explanation)).containsExactly(List.of(RELEASE, ACQUIRE));
  }

  /** Each of two cures: both are told, and no pair of them. */
  @Test
  void eitherIsEnough() {
    Explanation explanation =
        reordered(orders -> orders.contains(RELEASE) || orders.contains(ACQUIRE));
    assertThat(cures(explanation)).containsExactly(List.of(RELEASE), List.of(ACQUIRE));
  }

  @Test
  void aFenceIfNoOrderIsEnough() {
    assertThat(cures(reordered(orders -> orders.contains(FENCE)))).containsExactly(List.of(FENCE));
  }

  @Test
  void nothingIsToldIfNothingCures() {
    Explanation explanation = reordered(orders -> false);
    assertThat(explanation.cures()).isEmpty();
    assertThat(explanation.tried()).isNotEmpty();
  }

  @Test
  void whatNobodySharesIsNotTried() {
    assertThat(reordered(orders -> false).tried())
        .noneMatch(judged -> judged.intervention().toString().contains(PRIVATE.site()));
  }

  /** With the order it deadlocks instead. */
  @Test
  void whatFailsOtherwiseIsNoCure() {
    Explanation explanation =
        explain(
            MemoryModel.WEAK,
            e ->
                e.scenario().memory() != MemoryModel.WEAK
                    ? nothing()
                    : in1000(e.circumstances().orders().contains(ACQUIRE) ? OTHER : TITLE, 50));
    assertThat(explanation.cures()).isEmpty();
  }

  /** The other bug is there with and without it: no cause is hidden, but nothing is cured. */
  @Test
  void whatLeavesAnotherFailureIsNoCure() {
    Explanation explanation =
        explain(
            MemoryModel.WEAK,
            e -> {
              SortedMap<String, Long> seen = in1000(OTHER, 100);
              boolean ordered = e.circumstances().orders().contains(ACQUIRE);
              if (e.scenario().memory() == MemoryModel.WEAK && !ordered) {
                seen.putAll(in1000(TITLE, 50));
              }
              return seen;
            });
    assertThat(explanation.cures()).isEmpty();
    assertThat(explanation.tried()).anyMatch(Judged::isCause);
  }

  /** What fails under sequential memory lacks no order: nobody else may come between. */
  @Test
  void sectionsOfWhatNeedsNoReordering() {
    Explanation explanation =
        explain(
            MemoryModel.SC,
            e -> {
              boolean still = e.circumstances().without().contains(ActionType.SWITCH);
              boolean whole =
                  e.circumstances().orders().contains(new SiteOrder("queue.c:60", Order.UNBROKEN));
              return still || whole ? nothing() : in1000(TITLE, 50);
            });
    assertThat(cures(explanation))
        .containsExactly(List.of(new SiteOrder("queue.c:60", Order.UNBROKEN)));
  }

  @Test
  void threeOfFewSites() {
    Explanation explanation =
        explain(
            MemoryModel.SC,
            e -> {
              boolean still = e.circumstances().without().contains(ActionType.SWITCH);
              List<String> sites =
                  e.circumstances().orders().stream().map(SiteOrder::site).toList();
              boolean whole = sites.containsAll(List.of(STORE.site(), LOAD.site(), PRIVATE.site()));
              return still || whole ? nothing() : in1000(TITLE, 50);
            });
    assertThat(cures(explanation).get(0))
        .extracting(SiteOrder::site)
        .containsExactly(STORE.site(), LOAD.site(), PRIVATE.site());
  }

  @Test
  void whatFailsWithoutSwitchesAndReorderingHasNoSite() {
    assertThat(explain(MemoryModel.SC, e -> in1000(TITLE, 1000)).tried()).isEmpty();
  }
}
