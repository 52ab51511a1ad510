package dev.cryofuzz.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.executor.Descriptions;
import dev.cryofuzz.executor.Fired;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClerkTest {
  private static final Shape SHAPE = Descriptions.QUEUE.shape("full", MemoryModel.SC);
  private static final int READER = 1;
  private static final Trace MARKED =
      trace(
          step(READER, 0, Op.POLL),
          mark(1, "stop"),
          mark(2, "connect"),
          step(READER, 3, Op.SEND),
          step(READER, 4, Op.RECV),
          mark(5, "cure"));

  @TempDir Path temp;

  private static Step step(int actor, int point, Op op) {
    return new Step(actor, point, op, "queue.c:" + point, 0, 8, 0, 0, Set.of());
  }

  private static Step mark(int point, String name) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(name.getBytes(StandardCharsets.US_ASCII)).rewind();
    long first = bytes.getLong();
    return new Step(READER, point, Op.MARK, "queue.c:9", first, 0, bytes.getLong(), 0, Set.of());
  }

  private static Trace trace(Step... steps) {
    return new Trace(List.of("writer0", "reader"), List.of(steps), 1, false);
  }

  private static Event trim(int point) {
    return Event.of("reader", point, new Action.Trim(4));
  }

  private static Fired at(Fired.Fate fate, int point) {
    return new Fired(fate, point, "", 0);
  }

  private static TracedRun run(Trace trace, Fired... fates) {
    Run run =
        new Run(
            new Verdict.Pass(),
            1,
            6,
            0,
            0,
            0,
            6,
            List.of(fates),
            List.of(),
            Optional.empty(),
            List.of());
    return new TracedRun(run, trace);
  }

  private CensusFile file() throws Exception {
    return CensusFile.map(temp.resolve("census"), SHAPE);
  }

  private static Census.Row row(Census census, String step) {
    return census.rows().stream().filter(row -> row.step().equals(step)).findFirst().orElseThrow();
  }

  private static Census.Cell cell(Census census, String step, String event) {
    return row(census, step).cells().stream()
        .filter(cell -> cell.event().equals(event))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anEventBelongsToTheMarkBeforeIt() throws Exception {
    CensusFile file = file();
    Clerk clerk = new Clerk(file, MARKED);
    Scenario scenario =
        SHAPE.defaultRun().withParam("messages", 5).withEvents(List.of(trim(3), trim(5)));
    clerk.count(scenario, run(MARKED, at(Fired.Fate.FIRED, 3), at(Fired.Fate.MOOT, 5)));
    Census census = file.census();
    assertThat(census.runs()).isEqualTo(1);
    assertThat(census.rows().stream().map(Census.Row::step))
        .containsExactly("begin", "stop", "connect", "cure");
    assertThat(cell(census, "connect", "trim"))
        .isEqualTo(new Census.Cell("trim", 1, 0, Map.of("writers=1", 1L, "messages=5", 1L)));
    assertThat(cell(census, "cure", "trim").moot()).isEqualTo(1);
    assertThat(cell(census, "connect", Census.NONE).fired()).isZero();
    assertThat(cell(census, "cure", Census.NONE).fired()).isEqualTo(1);
    assertThat(row(census, "connect").messages()).isEqualTo(1);
    assertThat(row(census, "cure").messages()).isZero();
  }

  @Test
  void aRunCountsOnceHoweverOftenTheEventTookEffect() throws Exception {
    CensusFile file = file();
    Scenario scenario = SHAPE.defaultRun().withEvents(List.of(trim(3), trim(4)));
    new Clerk(file, MARKED)
        .count(scenario, run(MARKED, at(Fired.Fate.FIRED, 3), at(Fired.Fate.FIRED, 4)));
    assertThat(cell(file.census(), "connect", "trim").fired()).isEqualTo(1);
  }

  @Test
  void whatWasNotReachedIsNotCounted() throws Exception {
    CensusFile file = file();
    Scenario scenario = SHAPE.defaultRun().withEvents(List.of(trim(9)));
    new Clerk(file, MARKED).count(scenario, run(MARKED, at(Fired.Fate.UNREACHED, 0)));
    assertThat(
            file.census().rows().stream()
                .flatMap(row -> row.cells().stream())
                .filter(cell -> cell.fired() + cell.moot() > 0)
                .map(Census.Cell::event)
                .collect(Collectors.toSet()))
        .containsExactly(Census.NONE);
  }

  @Test
  void withoutMarksPlacesAreTheSteps() throws Exception {
    CensusFile file = file();
    Trace trace = trace(step(0, 0, Op.STORE), step(READER, 1, Op.LOAD));
    new Clerk(file, trace).count(SHAPE.defaultRun(), run(trace));
    assertThat(file.census().rows().stream().map(Census.Row::step))
        .containsExactly("queue.c:0", "queue.c:1");
    assertThat(row(file.census(), "queue.c:1").loads()).isEqualTo(1);
  }

  @Test
  void theNextWorkerGoesOnCounting() throws Exception {
    new Clerk(file(), MARKED).count(SHAPE.defaultRun(), run(MARKED));
    CensusFile again = file();
    new Clerk(again, MARKED).count(SHAPE.defaultRun(), run(MARKED));
    assertThat(again.census().runs()).isEqualTo(2);
    assertThat(again.census().rows()).hasSize(4);
    assertThat(again.census().states())
        .containsEntry("messages=3", 2L)
        .containsEntry("writers=4", 0L);
  }

  @Test
  void stepsBeyondTheTableAreCountedTogether() throws Exception {
    CensusFile file = file();
    for (int i = 0; i < 2 * CensusFile.ROWS; i++) {
      file.row("step-" + i);
    }
    assertThat(file.census().rows()).hasSize(CensusFile.ROWS);
    assertThat(file.row("another")).isEqualTo(CensusFile.ROWS - 1);
    assertThat(file().census().rows().get(CensusFile.ROWS - 1).step()).isEqualTo("elsewhere");
  }
}
