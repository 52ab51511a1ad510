package dev.cryofuzz.explain;

import static dev.cryofuzz.explain.FakeExplorer.in1000;
import static dev.cryofuzz.explain.FakeExplorer.nothing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final Title TITLE = new Title(Kind.STALE_READ, "queue.pop");
  private static final Title OTHER = new Title(Kind.DEADLOCK, "queue.push");
  private static final Event TRIM = Event.of("reader", 3, new Action.Trim(4));
  private static final Event DROP = Event.of("reader", 5, new Action.Drop());
  private static final Scenario FAILING =
      Scenario.of("queue", "no-barrier", MemoryModel.WEAK)
          .withParam("messages", 1)
          .withEvents(List.of(Event.of("reader", 2, new Action.Stale(1)), TRIM, DROP));
  private static final Shape SHAPE =
      new Shape(
          "queue",
          "no-barrier",
          MemoryModel.WEAK,
          List.of(new Role("writer", Optional.empty()), new Role("reader", Optional.empty())),
          List.of(new Param("messages", 1, 9, 3)),
          List.of(),
          List.of("rpc"));

  private static Explanation explain(Function<Experiment, SortedMap<String, Long>> rule) {
    return new Explainer(new FakeExplorer(rule), 100_000, tried -> {})
        .explain(FAILING, TITLE, SHAPE);
  }

  /** Without the control. */
  private static List<Judged> judged(Explanation explanation) {
    return explanation.judged().stream()
        .filter(judged -> !(judged.intervention() instanceof Intervention.Control))
        .toList();
  }

  private static List<String> of(Explanation explanation, Judgement judgement) {
    return judged(explanation).stream()
        .filter(judged -> judged.judgement() == judgement)
        .map(judged -> name(judged.intervention()))
        .toList();
  }

  private static String name(Intervention intervention) {
    if (intervention instanceof Intervention.Stronger it) {
      return it.model().text();
    }
    if (intervention instanceof Intervention.Without it) {
      return it.what();
    }
    if (intervention instanceof Intervention.WithoutEvent it) {
      return it.event().action().text();
    }
    return intervention instanceof Intervention.Default it ? it.param() : intervention.toString();
  }

  private static boolean without(Experiment experiment, ActionType type) {
    return experiment.circumstances().without().contains(type);
  }

  @Test
  void aCauseIsWithoutWhatItCanNotBeHad() {
    Explanation explanation =
        explain(
            e ->
                e.scenario().memory() == MemoryModel.WEAK && !without(e, ActionType.STALE)
                    ? in1000(TITLE, 50)
                    : nothing());
    assertThat(of(explanation, Judgement.CAUSE)).containsExactly("sc", "x86", "stale load");
    assertThat(of(explanation, Judgement.EXCLUDED))
        .containsExactly("switch", "held store", "damaged frame", "trim", "drop", "messages");
    assertThat(explanation.strongest()).contains(MemoryModel.WEAK);
  }

  @Test
  void theStrongestModelThatFailsIsNamed() {
    Explanation explanation =
        explain(e -> e.scenario().memory() == MemoryModel.SC ? nothing() : in1000(TITLE, 50));
    assertThat(explanation.strongest()).contains(MemoryModel.X86);
  }

  @Test
  void oneOfSeveralEventsIsNamed() {
    Explanation explanation =
        explain(e -> e.scenario().events().contains(DROP) ? in1000(TITLE, 1000) : nothing());
    assertThat(of(explanation, Judgement.CAUSE)).containsExactly("damaged frame", "drop");
  }

  /** What is explored is not given; near the scenario it is. */
  @Test
  void whatIsExploredIsNotGiven() {
    Experiment experiment = Experiment.of(FAILING);
    assertThat(experiment.scenario().events()).containsExactlyInAnyOrder(TRIM, DROP);
    assertThat(experiment.near().events()).isEqualTo(FAILING.events());
  }

  @Test
  void nothingIsDecidedIfItIsNotFoundAgain() {
    Explanation explanation = explain(e -> nothing());
    assertThat(of(explanation, Judgement.UNDECIDED)).hasSize(judged(explanation).size());
    assertThat(explanation.strongest()).isEmpty();
    assertThat(judged(explanation).get(0).reason().orElseThrow()).contains("not found again");
  }

  /** Nine failures are to be expected in as many runs: that there are none is luck, perhaps. */
  @Test
  void whatIsRareDecidesNothing() {
    Explainer explainer =
        new Explainer(
            new FakeExplorer(
                e -> e.scenario().memory() == MemoryModel.WEAK ? in1000(TITLE, 9) : nothing()),
            1000,
            tried -> {});
    Explanation explanation = explainer.explain(FAILING, TITLE, SHAPE);
    assertThat(of(explanation, Judgement.CAUSE)).isEmpty();
    assertThat(of(explanation, Judgement.UNDECIDED)).containsExactly("sc", "x86");
    assertThat(judged(explanation).get(0).reason().orElseThrow()).contains("too few runs");
  }

  @Test
  void rareFailuresGetMoreRuns() {
    Explanation explanation =
        explain(e -> e.scenario().memory() == MemoryModel.WEAK ? in1000(TITLE, 1) : nothing());
    assertThat(explanation.baseline().runs()).isEqualTo(32_000);
    assertThat(of(explanation, Judgement.CAUSE)).containsExactly("sc", "x86");
  }

  /** An unrelated intervention shifts it: the same bug shows under another title. */
  @Test
  void whatOnlyShiftsItIsNoCause() {
    Explanation explanation =
        explain(e -> without(e, ActionType.SWITCH) ? in1000(OTHER, 300) : in1000(TITLE, 50));
    assertThat(of(explanation, Judgement.CAUSE)).isEmpty();
    Judged shifted =
        explanation.judged().stream()
            .filter(j -> name(j.intervention()).equals("switch"))
            .findFirst()
            .orElseThrow();
    assertThat(shifted.judgement()).isEqualTo(Judgement.UNDECIDED);
    assertThat(shifted.reason()).contains("fails otherwise: " + OTHER.text());
  }

  /** Another bug that is there all the time hides no cause. */
  @Test
  void anotherFailureOfTheBaselineHidesNoCause() {
    Explanation explanation =
        explain(
            e -> {
              SortedMap<String, Long> seen = in1000(OTHER, 100);
              if (!without(e, ActionType.STALE)) {
                seen.putAll(in1000(TITLE, 50));
              }
              return seen;
            });
    assertThat(of(explanation, Judgement.CAUSE)).containsExactly("stale load");
    assertThat(explanation.causes().get(0).isCure()).isFalse();
  }

  /** Two bugs with one title: either suffices, so neither alone is its cause. */
  @Test
  void ofTwoThatEachSufficeNoneIsTheCause() {
    Explanation explanation =
        explain(
            e ->
                without(e, ActionType.STALE) && e.scenario().events().isEmpty()
                    ? nothing()
                    : in1000(TITLE, 50));
    assertThat(explanation.causes()).isEmpty();
  }

  @Test
  void ofTwoThatAreBothNeededEachIsACause() {
    Explanation explanation =
        explain(
            e ->
                without(e, ActionType.SWITCH) || without(e, ActionType.HOLD)
                    ? nothing()
                    : in1000(TITLE, 50));
    assertThat(of(explanation, Judgement.CAUSE)).containsExactly("switch", "held store");
  }
}
