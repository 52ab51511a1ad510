package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.finding.Title;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingStoreTest {
  private static final Title STALE = Title.parse("stale-read in queue.pop");

  /** Another title that has the same slug. */
  private static final Title SIMILAR = Title.parse("stale-read in queue/pop");

  @TempDir Path out;
  private FindingStore store;

  @BeforeEach
  void open() throws UnwritableFolder {
    store = new FindingStore(Folder.at(out));
  }

  private static Map<String, String> files(Title title, String readme) {
    return Map.of("finding.json", "{\"title\": \"" + title + "\"}", "README.md", readme);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(out)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFindingIsAFolderNamedAfterItsTitle() throws Exception {
    Path saved = store.save(STALE, files(STALE, "one"));
    assertThat(saved.getFileName()).hasToString("stale-read-in-queue-pop");
    assertThat(saved.resolve("README.md")).hasContent("one");
    assertThat(saved.resolve("finding.json")).exists();
  }

  @Test
  void theSameTitleReplacesTheOlderOne() throws Exception {
    store.save(STALE, files(STALE, "one"));
    Path saved = store.save(STALE, files(STALE, "two"));
    assertThat(saved.resolve("README.md")).hasContent("two");
    assertThat(names()).containsExactly("stale-read-in-queue-pop");
  }

  @Test
  void theSameTitleOfAnotherVariantIsAnotherFinding() throws Exception {
    Map<String, String> other =
        Map.of("finding.json", "{\"title\": \"" + STALE + "\", \"variant\": \"other\"}");
    store.save(STALE, files(STALE, "one"));
    assertThat(store.save(STALE, other).getFileName()).hasToString("stale-read-in-queue-pop-2");
    assertThat(store.save(STALE, other).getFileName()).hasToString("stale-read-in-queue-pop-2");
  }

  @Test
  void anotherTitleOfTheSameNameGetsANumber() throws Exception {
    Path first = store.save(STALE, files(STALE, "one"));
    Path second = store.save(SIMILAR, files(SIMILAR, "two"));
    Path again = store.save(SIMILAR, files(SIMILAR, "three"));
    assertThat(first.resolve("README.md")).hasContent("one");
    assertThat(second.getFileName()).hasToString("stale-read-in-queue-pop-2");
    assertThat(again).isEqualTo(second);
    assertThat(again.resolve("README.md")).hasContent("three");
  }

  @Test
  void whatIsNotOursIsLeftAlone() throws Exception {
    Files.writeString(out.resolve("stale-read-in-queue-pop"), "a file of the user");
    Path elsewhere = Files.createDirectory(out.resolve("elsewhere"));
    Files.createSymbolicLink(out.resolve("stale-read-in-queue-pop-2"), elsewhere);
    Path saved = store.save(STALE, files(STALE, "one"));
    assertThat(saved.getFileName()).hasToString("stale-read-in-queue-pop-3");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void whatACrashLeftIsClearedAway() throws Exception {
    Path unfinished = Files.createDirectory(out.resolve(".stale-read-in-queue-pop.new"));
    Files.writeString(unfinished.resolve("half.json"), "{");
    Path saved = store.save(STALE, files(STALE, "one"));
    assertThat(saved.resolve("half.json")).doesNotExist();
    assertThat(names()).containsExactly("stale-read-in-queue-pop");
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws Exception {
    Map<String, String> files = Map.of("no/such/folder", "text");
    assertThatThrownBy(() -> store.save(STALE, files))
        .isInstanceOf(UnwritableFolder.class)
        .hasMessageContaining("no/such/folder");
    assertThat(out.resolve("stale-read-in-queue-pop")).doesNotExist();
  }
}
