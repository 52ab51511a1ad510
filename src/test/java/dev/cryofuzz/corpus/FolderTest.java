package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
  @TempDir Path temp;

  @Test
  void aFileIsReplacedAsAWhole() throws Exception {
    Folder folder = Folder.at(temp.resolve("a/b"));
    folder.write("x.json", "one".getBytes());
    Path file = folder.write("x.json", "two".getBytes());
    assertThat(Files.readString(file)).isEqualTo("two");
    assertThat(filesOf(folder.path())).containsExactly("x.json");
  }

  @Test
  void whatIsUnfinishedIsNotListed() throws Exception {
    Folder folder = Folder.at(temp);
    folder.write("b.json", new byte[0]);
    folder.write("a.json", new byte[0]);
    Files.writeString(temp.resolve(".c.json.tmp"), "half");
    Files.writeString(temp.resolve(".d.json"), "hidden");
    assertThat(folder.files(".json"))
        .containsExactly(folder.path().resolve("a.json"), folder.path().resolve("b.json"));
  }

  @Test
  void theUsersFolderMayBeALink() throws Exception {
    Path real = Files.createDirectory(temp.resolve("real"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), real);
    Folder.at(link).write("x", "y".getBytes());
    assertThat(real.resolve("x")).hasContent("y");
  }

  @Test
  void noLinkBelowItIsFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Folder out = Folder.at(temp.resolve("out"));
    Files.createSymbolicLink(out.path().resolve("corpus"), elsewhere);
    assertThatThrownBy(() -> out.sub("corpus"))
        .isInstanceOf(UnwritableFolder.class)
        .hasMessageContaining("something else is there");
    assertThat(filesOf(elsewhere)).isEmpty();
  }

  @Test
  void aLinkInPlaceOfAFileIsReplacedNotFollowed() throws Exception {
    Path elsewhere = Files.writeString(temp.resolve("elsewhere"), "mine");
    Folder out = Folder.at(temp.resolve("out"));
    Files.createSymbolicLink(out.path().resolve("x.json"), elsewhere);
    Files.createSymbolicLink(out.path().resolve(".x.json.tmp"), elsewhere);
    out.write("x.json", "ours".getBytes());
    assertThat(elsewhere).hasContent("mine");
    assertThat(Files.isSymbolicLink(out.path().resolve("x.json"))).isFalse();
  }

  @Test
  void whatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> Folder.at(file.resolve("sub")))
        .isInstanceOf(UnwritableFolder.class)
        .hasMessageStartingWith("cannot write " + file.resolve("sub") + ": ");
  }

  private static java.util.List<String> filesOf(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
