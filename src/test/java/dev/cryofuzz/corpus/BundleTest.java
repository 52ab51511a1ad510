package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final Scenario SCENARIO = Scenario.of("queue", "full", MemoryModel.SC);

  @TempDir Path temp;

  private byte[] bundle(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Bundle.write(bytes, "name", Bundle.files(folder));
    return bytes.toByteArray();
  }

  private Path finding(String name) throws IOException {
    Path folder = Files.createDirectory(temp.resolve(name));
    Files.write(folder.resolve("scenario.json"), ScenarioJson.bytes(SCENARIO));
    Files.writeString(folder.resolve("run.sh"), "exit 1\n");
    return folder;
  }

  @Test
  void theSameFilesGiveTheSameBytesWhoeverHasThem() throws Exception {
    Path one = finding("one");
    Path other = finding("other");
    Files.setLastModifiedTime(other.resolve("run.sh"), FileTime.fromMillis(1));
    assertThat(other.resolve("run.sh").toFile().setWritable(true, false)).isTrue();
    assertThat(bundle(one)).isEqualTo(bundle(other));
  }

  @Test
  void linksAndHiddenFilesStayOut() throws Exception {
    Path folder = finding("one");
    byte[] before = bundle(folder);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("run.sh"));
    Files.writeString(folder.resolve(".hidden"), "x");
    Files.createDirectory(folder.resolve("more"));
    assertThat(bundle(folder)).isEqualTo(before);
  }

  @Test
  void entriesAreSortedAndBelongToNobody() throws Exception {
    try (TarArchiveInputStream tar = open(bundle(finding("one")))) {
      TarArchiveEntry run = tar.getNextEntry();
      assertThat(run.getName()).isEqualTo("name/run.sh");
      assertThat(run.getMode() & 0777).isEqualTo(0755);
      assertThat(run.getLongUserId()).isZero();
      assertThat(run.getLastModifiedTime().toMillis()).isZero();
      assertThat(tar.getNextEntry().getName()).isEqualTo("name/scenario.json");
      assertThat(tar.getNextEntry()).isNull();
    }
  }

  private static TarArchiveInputStream open(byte[] bytes) throws IOException {
    return new TarArchiveInputStream(
        new GzipCompressorInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void aScenarioIsReadFromIt() throws Exception {
    Path file = Files.write(temp.resolve("a.tar.gz"), bundle(finding("one")));
    Loaded loaded = CorpusReader.read(List.of(file));
    assertThat(loaded.errors()).isEmpty();
    assertThat(loaded.entries()).containsExactly(new Entry(file, SCENARIO));
  }

  private String refusal(Consumer<TarArchiveEntry> change, String name, byte type, byte[] bytes)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
      entry.setSize(bytes.length);
      change.accept(entry);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
    return refusal(out.toByteArray());
  }

  private String refusal(byte[] bundle) throws IOException {
    Path file = Files.write(temp.resolve("bad.tar.gz"), bundle);
    Loaded loaded = CorpusReader.read(List.of(file));
    assertThat(loaded.entries()).isEmpty();
    return loaded.errors().get(0);
  }

  @Test
  void whatIsNoneIsRefused() throws Exception {
    Consumer<TarArchiveEntry> asItIs = entry -> {};
    byte[] scenario = ScenarioJson.bytes(SCENARIO);
    byte file = TarConstants.LF_NORMAL;
    assertThat(refusal(asItIs, "/scenario.json", file, scenario)).contains("refused: its entry");
    assertThat(refusal(asItIs, "a/../../scenario.json", file, scenario)).contains("refused");
    Consumer<TarArchiveEntry> link = entry -> entry.setLinkName("/etc/passwd");
    assertThat(refusal(link, "a/scenario.json", TarConstants.LF_SYMLINK, new byte[0]))
        .contains("refused");
    assertThat(refusal(link, "a/scenario.json", TarConstants.LF_LINK, new byte[0]))
        .contains("refused");
    assertThat(refusal(asItIs, "a/x", TarConstants.LF_FIFO, new byte[0])).contains("refused");
    assertThat(refusal(asItIs, "a/other.json", file, scenario)).contains("no scenario.json in it");
    assertThat(refusal("no gzip at all".getBytes(StandardCharsets.UTF_8))).contains("bad.tar.gz");
    byte[] good = bundle(finding("cut"));
    assertThat(refusal(Arrays.copyOf(good, good.length / 2))).contains("bad.tar.gz");
  }

  /** Zeros are packed to a thousandth. */
  @Test
  void aBombIsRefused() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] zeros = new byte[1 << 20];
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      TarArchiveEntry entry = new TarArchiveEntry("a/big");
      entry.setSize(65L << 20);
      tar.putArchiveEntry(entry);
      for (int i = 0; i < 65; i++) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
    }
    assertThat(refusal(out.toByteArray())).contains("bytes when unpacked");
  }
}
