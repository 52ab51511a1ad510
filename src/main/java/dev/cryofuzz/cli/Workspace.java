package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a campaign works: a folder of its own in {@code .work} below the user's. It is removed at
 * the end; what a killed campaign left is removed by the next one, unless there are failing
 * scenarios in it that nobody has seen yet.
 */
final class Workspace {
  private static final String PREFIX = "campaign-";

  /** A worker unpacks 5 MB of libraries; the rest is for its corpus. */
  private static final long ROOM = 32L << 20;

  private final Folder work;
  private final Folder own;

  private Workspace(Folder work, Folder own) {
    this.work = work;
    this.own = own;
  }

  static Workspace in(Folder out) throws UnwritableFolder {
    out.require(ROOM);
    Folder work = out.sub(".work");
    return new Workspace(work, work.sub(PREFIX + ProcessHandle.current().pid()));
  }

  Folder folder() {
    return own;
  }

  void remove() {
    delete(own.path());
  }

  /** Also the folder that it is in, which was made for it. */
  void removeWithOut() {
    delete(work.path().getParent());
  }

  /** Folders of killed campaigns in which failing scenarios lie. */
  List<Path> leftovers() {
    Map<Boolean, List<Path>> dead =
        folders().stream()
            .filter(this::isDead)
            .collect(Collectors.partitioningBy(Workspace::hasFound));
    dead.get(false).forEach(Workspace::delete);
    return dead.get(true);
  }

  private List<Path> folders() {
    try (Stream<Path> entries = Files.list(work.path())) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .filter(entry -> entry.getFileName().toString().matches(PREFIX + "\\d{1,9}"))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private boolean isDead(Path folder) {
    String pid = folder.getFileName().toString().substring(PREFIX.length());
    return !folder.equals(own.path()) && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  private static boolean hasFound(Path campaign) {
    try (Stream<Path> files = Files.walk(campaign, 3)) {
      return files.anyMatch(
          file -> file.getParent().endsWith("found") && file.toString().endsWith(".json"));
    } catch (IOException e) {
      return true;
    }
  }

  /** Links are not followed. What can't be removed stays: it is in nobody's way. */
  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      return;
    }
  }
}
