package dev.cryofuzz.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that we write to: each file appears whole or not at all, also after a crash, and nothing
 * is written through a symbolic link to somewhere else. The folder that the user named may be a
 * link, what we make below it may not.
 */
public final class Folder {
  private static final long KIB = 1024;

  private final Path path;

  private Folder(Path path) {
    this.path = path;
  }

  /** The folder that the user named, made if it is missing. */
  public static Folder at(Path path) throws UnwritableFolder {
    try {
      Files.createDirectories(path);
      return new Folder(path.toRealPath());
    } catch (IOException e) {
      throw new UnwritableFolder(path, e);
    }
  }

  public Path path() {
    return path;
  }

  /**
   * Fails now rather than in the middle if there are not so many bytes left on its disk. File asks
   * the kernel; a FileStore would look for the mount, which is not listed in a chroot.
   */
  public void require(long bytes) throws UnwritableFolder {
    long left = path.toFile().getUsableSpace();
    if (left < bytes) {
      String reason = "No space left on device: %d KiB, need %d KiB";
      throw new UnwritableFolder(path, new IOException(reason.formatted(left / KIB, bytes / KIB)));
    }
  }

  /** A folder of this name in it, made if it is missing. */
  public Folder sub(String name) throws UnwritableFolder {
    Path below = path.resolve(name);
    try {
      if (!Files.isDirectory(below, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(below);
      }
      return new Folder(below);
    } catch (IOException e) {
      throw new UnwritableFolder(below, e);
    }
  }

  /** Writes a file under a name that nobody looks at, then gives it its own. */
  public Path write(String name, byte[] bytes) throws UnwritableFolder {
    Path file = path.resolve(name);
    Path unfinished = path.resolve("." + name + ".tmp");
    try {
      try {
        writeThrough(unfinished, bytes);
        move(unfinished, file);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      return file;
    } catch (IOException e) {
      throw new UnwritableFolder(file, e);
    }
  }

  /** Its files whose names end so and do not begin with a dot, by name. */
  public List<Path> files(String ending) {
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(file -> isOurs(file.getFileName().toString(), ending))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isOurs(String name, String ending) {
    return name.endsWith(ending) && !name.startsWith(".");
  }

  private static void writeThrough(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
