package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusFolderTest {
  private static final Scenario PLAIN = Scenario.of("queue", "full", MemoryModel.WEAK);
  private static final Scenario FAILING =
      PLAIN
          .withEvents(
              List.of(
                  Event.of("reader", 2, new Action.Stale(1)),
                  Event.of("reader", 3, new Action.Delay(2))))
          .withExpect("stale-read in queue.pop");

  @TempDir Path temp;

  @Test
  void theSameScenarioIsStoredOnce() throws Exception {
    CorpusFolder corpus = new CorpusFolder(Folder.at(temp));
    Path first = corpus.store(FAILING);
    assertThat(corpus.store(FAILING)).isEqualTo(first);
    assertThat(first.getFileName().toString()).matches("full-weak-[0-9a-f]{10}\\.json");
    assertThat(CorpusReader.read(List.of(temp)).entries())
        .extracting(Entry::scenario)
        .containsExactly(FAILING);
  }

  @Test
  void statsCountByVariant() throws Exception {
    CorpusFolder corpus = new CorpusFolder(Folder.at(temp));
    corpus.store(PLAIN);
    corpus.store(FAILING);
    corpus.store(PLAIN.withVariant("no-barrier"));
    assertThat(Stats.of(CorpusReader.read(List.of(temp)).entries()))
        .containsExactly(
            new Stats.Line(
                "queue", "full", 2, 1, 2, 2, Map.of(Family.SCHEDULE, 1L, Family.MEMORY, 1L)),
            new Stats.Line("queue", "no-barrier", 1, 0, 0, 0, Map.of()));
  }
}
