package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusReaderTest {
  private static final Scenario GOOD = Scenario.of("queue", "full", MemoryModel.SC);

  @TempDir Path temp;

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void oneBadFileHidesNoOther() throws Exception {
    write("queue/a.json", ScenarioJson.write(GOOD));
    Path bad = write("queue/b.json", "{ \"cryofuzz\": 1,\n  \"target\": }");
    Path cut = write("queue/c.json", ScenarioJson.write(GOOD).substring(0, 30));
    write("queue/d.json", ScenarioJson.write(GOOD.withVariant("no-barrier")));
    Loaded loaded = CorpusReader.read(List.of(temp));
    assertThat(loaded.entries())
        .extracting(entry -> entry.scenario().variant())
        .containsExactly("full", "no-barrier");
    assertThat(loaded.errors()).hasSize(2);
    assertThat(loaded.errors().get(0)).startsWith(bad + ":2: ");
    assertThat(loaded.errors().get(1)).startsWith(cut + ":");
  }

  @Test
  void ofAFindingOnlyItsScenarioIsRead() throws Exception {
    for (String name : List.of("scenario.json", "original.json", "finding.json")) {
      write("stale-read-in-queue-pop/" + name, ScenarioJson.write(GOOD));
    }
    write(".work/campaign-1/queue-full-sc/found/run-1.json", ScenarioJson.write(GOOD));
    assertThat(CorpusReader.read(List.of(temp)).entries())
        .extracting(entry -> entry.file().getFileName().toString())
        .containsExactly("scenario.json");
  }

  @Test
  void aFileThatIsNamedIsReadWhateverItIsCalled() throws Exception {
    Path original = write("x/original.json", ScenarioJson.write(GOOD));
    assertThat(CorpusReader.read(List.of(original)).entries()).hasSize(1);
  }

  @Test
  void whatIsMissingIsSaid() {
    Path missing = temp.resolve("missing.json");
    assertThat(CorpusReader.read(List.of(missing)).errors())
        .containsExactly(missing + ": no such file");
  }

  @Test
  void aHugeFileIsRefusedUnread() throws Exception {
    Path huge = temp.resolve("huge.json");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    assertThat(CorpusReader.read(List.of(huge)).errors())
        .singleElement()
        .asString()
        .startsWith(huge + ":1: too big");
  }

  /** Nobody writes to it, so whoever opened it would wait for ever. */
  @Test
  void aPipeIsRefusedUnread() throws Exception {
    Path pipe = temp.resolve("pipe.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(CorpusReader.read(List.of(pipe)).errors())
        .containsExactly(pipe + ": neither a file nor a folder; expected a scenario");
    assertThat(CorpusReader.read(List.of(temp))).isEqualTo(new Loaded(List.of(), List.of()));
  }
}
