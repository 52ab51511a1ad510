package dev.cryofuzz.sys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file in memory that collects what a child prints; unlike a pipe it never blocks the child. */
public final class Capture implements AutoCloseable {
  private static final int MFD_CLOEXEC = 1;
  private static final int STEP = 8192;

  private final int fd;
  private boolean closed;

  public Capture(String name) {
    fd = SystemCallException.check("memfd_create", Libc.C.memfd_create(name, MFD_CLOEXEC));
  }

  /** To be given to {@link Spawn}. */
  public Path path() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd);
  }

  /** Everything printed so far, at most so many bytes of its end. */
  public String tail(int bytes) {
    byte[] all = new byte[0];
    byte[] part = new byte[STEP];
    long offset = 0;
    for (int n = read(part, offset); n > 0; n = read(part, offset)) {
      all = lastOf(all, part, n, bytes);
      offset += n;
    }
    return new String(all, StandardCharsets.UTF_8);
  }

  private int read(byte[] part, long offset) {
    return SystemCallException.check("pread", (int) Libc.C.pread(fd, part, part.length, offset));
  }

  private static byte[] lastOf(byte[] all, byte[] part, int length, int limit) {
    int total = all.length + length;
    byte[] joined = new byte[Math.min(total, limit)];
    int skip = total - joined.length;
    for (int i = 0; i < joined.length; i++) {
      int from = i + skip;
      joined[i] = from < all.length ? all[from] : part[from - all.length];
    }
    return joined;
  }

  /** Forgets everything, so that a talkative child of long life does not fill the memory. */
  public void clear() {
    SystemCallException.check("ftruncate", Libc.C.ftruncate(fd, 0));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.C.close(fd);
    }
  }
}
