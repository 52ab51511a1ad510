package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  /** Above the largest pid that Linux gives out. */
  private static final String DEAD = "campaign-999999999";

  @TempDir Path temp;

  @Test
  void whatAKilledCampaignLeftIsToldIfThereIsSomethingInIt() throws Exception {
    Path found = temp.resolve(".work/" + DEAD + "/queue-full-weak/found");
    Files.createDirectories(found);
    Path other = temp.resolve(".work/campaign-999999998/queue-full-weak/found");
    Files.createDirectories(other);
    Files.writeString(found.resolve("run-1.json"), "{}");
    Workspace workspace = Workspace.in(Folder.at(temp));
    assertThat(workspace.leftovers()).containsExactly(temp.toRealPath().resolve(".work/" + DEAD));
    assertThat(temp.resolve(".work/campaign-999999998")).doesNotExist();
  }

  @Test
  void runningCampaignsAreLeftAlone() throws Exception {
    Path running = temp.resolve(".work/campaign-1/queue-full-weak");
    Files.createDirectories(running);
    Workspace workspace = Workspace.in(Folder.at(temp));
    assertThat(workspace.leftovers()).isEmpty();
    workspace.remove();
    assertThat(running).exists();
    assertThat(workspace.folder().path()).doesNotExist();
  }

  @Test
  void linksAreRemovedNotFollowed() throws Exception {
    Path mine = Files.writeString(Files.createDirectory(temp.resolve("mine")).resolve("x"), "x");
    Workspace workspace = Workspace.in(Folder.at(temp.resolve("out")));
    Files.createSymbolicLink(workspace.folder().path().resolve("link"), mine.getParent());
    workspace.remove();
    assertThat(workspace.folder().path()).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void aLinkInItsPlaceIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
    Path out = Files.createDirectory(temp.resolve("out"));
    Files.createSymbolicLink(out.resolve(".work"), elsewhere);
    assertThatThrownBy(() -> Workspace.in(Folder.at(out))).isInstanceOf(UnwritableFolder.class);
    assertThat(elsewhere).isEmptyDirectory();
  }
}
