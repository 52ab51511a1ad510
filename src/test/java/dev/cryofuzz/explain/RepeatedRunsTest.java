package dev.cryofuzz.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.FakeExecutor;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Each look at the clock takes a second. */
class RepeatedRunsTest {
  private static final Title TITLE = Title.parse("stale-read in queue.pop");
  private static final long MOST = 200;
  private static final Scenario FAILING =
      Scenario.of("queue", "no-barrier", MemoryModel.SC)
          .withParam("writers", 2)
          .withParam("messages", 1);

  private final AtomicLong second = new AtomicLong();
  private boolean stopped;

  private Explanation explain(int seconds, Predicate<Scenario> fails) {
    FakeExecutor executor = FakeExecutor.failing(Descriptions.externalQueue(), TITLE, fails);
    Ration ration =
        new Ration(
            Duration.ofSeconds(seconds),
            () -> Duration.ofSeconds(second.getAndIncrement()).toNanos());
    Shape shape = executor.target().shape("no-barrier", MemoryModel.SC);
    return new Explainer(new RepeatedRuns(executor, ration, () -> stopped), MOST, tried -> {})
        .explain(FAILING, TITLE, shape);
  }

  private static boolean has(Scenario scenario, String param, int value) {
    return scenario.params().getOrDefault(param, 0) == value;
  }

  private static Judged judged(Explanation explanation, String param) {
    return explanation.judged().stream()
        .filter(
            j -> j.intervention() instanceof Intervention.Default it && it.param().equals(param))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatFailsEachTimeIsDecidedSoon() {
    Explanation explanation = explain(1000, scenario -> has(scenario, "messages", 1));
    assertThat(explanation.baseline().failed()).isEqualTo(10);
    assertThat(explanation.baseline().runs()).isEqualTo(10);
    assertThat(judged(explanation, "messages").judgement()).isEqualTo(Judgement.CAUSE);
    assertThat(judged(explanation, "messages").seen().runs()).isEqualTo(3);
    assertThat(judged(explanation, "writers").judgement()).isEqualTo(Judgement.EXCLUDED);
    assertThat(judged(explanation, "writers").seen().runs()).isEqualTo(1);
  }

  /** One that fails every other time passes three times in a row in one case of eight. */
  @Test
  void whatComesAndGoesTakesMoreRuns() {
    AtomicLong run = new AtomicLong();
    Explanation explanation =
        explain(1000, s -> has(s, "messages", 1) && run.incrementAndGet() % 2 == 0);
    assertThat(explanation.baseline().failed()).isEqualTo(10);
    assertThat(judged(explanation, "messages").judgement()).isEqualTo(Judgement.CAUSE);
    assertThat(judged(explanation, "messages").seen().runs()).isEqualTo(10);
  }

  @Test
  void withoutTimeNothingIsDecidedAndItSaysSo() {
    Explanation explanation = explain(8, scenario -> has(scenario, "messages", 1));
    Judged messages = judged(explanation, "messages");
    assertThat(messages.judgement()).isEqualTo(Judgement.UNDECIDED);
    assertThat(messages.reason().orElseThrow())
        .matches("[1-9]\\d* of the \\d+ runs that would tell, in \\d+\\.\\d s");
    assertThat(second.get()).isLessThan(40);
  }

  @Test
  void whatIsStoppedTellsNothing() {
    Explanation explanation =
        explain(
            1000,
            scenario -> {
              stopped |= has(scenario, "messages", 3);
              return has(scenario, "messages", 1);
            });
    assertThat(judged(explanation, "messages").reason()).contains("it was stopped");
  }

  /** Without its only param that is not the default it is the default run. */
  @Test
  void whatIsTheSameIsRunOnce() {
    FakeExecutor executor =
        FakeExecutor.failing(
            Descriptions.externalQueue(), TITLE, scenario -> has(scenario, "messages", 1));
    Ration ration = new Ration(Duration.ofSeconds(1000), () -> 0);
    Shape shape = executor.target().shape("no-barrier", MemoryModel.SC);
    new Explainer(new RepeatedRuns(executor, ration, () -> false), MOST, tried -> {})
        .explain(FAILING.withParam("writers", 1), TITLE, shape);
    assertThat(executor.ran()).filteredOn(s -> has(s, "messages", 3)).hasSize(3);
  }
}
