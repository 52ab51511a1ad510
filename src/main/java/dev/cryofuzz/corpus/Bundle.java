package dev.cryofuzz.corpus;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * A finding's folder in one file, to be attached to a bug report: the same files give the same
 * bytes. One from somebody else is only read: nothing of it is unpacked, and it is refused if it
 * has anything that we don't write, or more of it than anybody needs.
 */
public final class Bundle {
  public static final String ENDING = ".tar.gz";
  static final String SCENARIO = "scenario.json";

  private static final int FILE_MODE = 0644;
  private static final int PROGRAM_MODE = 0755;
  private static final int BEST_COMPRESSION = 9;
  private static final int MAX_ENTRIES = 1000;
  private static final int MAX_SCENARIO = 1 << 20;
  private static final long MAX_BYTES = 64L << 20;

  private Bundle() {}

  static boolean isNamedLikeOne(Path file) {
    return file.toString().endsWith(ENDING);
  }

  static boolean isProgram(String name) {
    return name.endsWith(".sh");
  }

  /** Regular files that lie in the folder itself; links and folders are left out. */
  public static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }

  /**
   * @param name of the folder in the bundle
   */
  public static void write(OutputStream stream, String name, List<Path> files) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(BEST_COMPRESSION);
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(new BufferedOutputStream(stream), parameters),
            StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path file : files) {
        add(tar, name, file);
      }
    }
  }

  /** Whose it was, and when, is nobody's business, and would make bytes differ. */
  private static void add(TarArchiveOutputStream tar, String folder, Path file) throws IOException {
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = stream.readAllBytes();
    }
    String name = file.getFileName().toString();
    TarArchiveEntry entry = new TarArchiveEntry(folder + "/" + name);
    entry.setSize(bytes.length);
    entry.setMode(isProgram(name) ? PROGRAM_MODE : FILE_MODE);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /** The scenario in it. */
  static byte[] scenario(Path file) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new Limited(
                new GzipCompressorInputStream(
                    new BufferedInputStream(Files.newInputStream(file)))))) {
      byte[] scenario = null;
      int entries = 0;
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        check(entry, ++entries);
        if (scenario == null && entry.getName().endsWith("/" + SCENARIO)) {
          scenario = tar.readNBytes(MAX_SCENARIO);
        }
      }
      if (scenario == null) {
        throw new IOException("no " + SCENARIO + " in it; expected what bundle writes");
      }
      return scenario;
    } catch (IllegalArgumentException e) {
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  private static void check(TarArchiveEntry entry, int number) throws IOException {
    String name = entry.getName();
    boolean outside = name.startsWith("/") || List.of(name.split("/")).contains("..");
    byte type = entry.getLinkFlag();
    if (outside || (type != TarConstants.LF_NORMAL && type != TarConstants.LF_OLDNORM)) {
      throw new IOException("refused: its entry '" + name + "' is no file in a folder of its own");
    }
    if (number > MAX_ENTRIES) {
      throw new IOException("refused: more than " + MAX_ENTRIES + " entries");
    }
  }

  /** A few bytes can be unpacked to many. */
  private static final class Limited extends FilterInputStream {
    private long left = MAX_BYTES;

    Limited(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int letter = super.read();
      count(letter < 0 ? 0 : 1);
      return letter;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      count(Math.max(0, count));
      return count;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long count = super.skip(Math.min(bytes, left + 1));
      count(count);
      return count;
    }

    private void count(long bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("refused: more than " + MAX_BYTES + " bytes when unpacked");
      }
    }
  }
}
