package dev.cryofuzz.sys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.constants.platform.Errno;

/**
 * What the kernel logs from now on, whoever causes it. Records that programs have written there are
 * left out.
 */
public final class KernelLog implements AutoCloseable {
  private static final String DEVICE = "/dev/kmsg";
  private static final int RECORD_BYTES = 8192;

  /** A kernel that logs without end would keep us here. */
  private static final int MAX_RECORDS = 10_000;

  private static final int MICROS = 1_000_000;

  /** "priority,number,microseconds,flags;text", then lines with names and values. */
  private static final Pattern RECORD =
      Pattern.compile("(\\d+),\\d+,(\\d+),[^;]*;([^\\n]*)(?s:\\n.*)?");

  private final int fd;
  private final Optional<String> refusal;

  private KernelLog(int fd, Optional<String> refusal) {
    this.fd = fd;
    this.refusal = refusal;
  }

  public static KernelLog fromNow() {
    int fd = Libc.C.open(DEVICE, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
    if (fd < 0) {
      return new KernelLog(-1, Optional.of(reason()));
    }
    if (Libc.C.lseek(fd, 0, Libc.SEEK_END) < 0) {
      String reason = reason();
      Libc.C.close(fd);
      return new KernelLog(-1, Optional.of(reason));
    }
    return new KernelLog(fd, Optional.empty());
  }

  private static String reason() {
    return DEVICE + ": " + Errno.valueOf(Libc.errno()).description();
  }

  /** Why it can't be read here. */
  public Optional<String> refusal() {
    return refusal;
  }

  /** Those that have come since they were asked for last, as dmesg shows them. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    byte[] bytes = new byte[RECORD_BYTES];
    for (int i = 0; i < MAX_RECORDS && fd >= 0; i++) {
      long size = Libc.C.read(fd, bytes, bytes.length);
      if (size > 0) {
        line(new String(bytes, 0, (int) size, StandardCharsets.UTF_8)).ifPresent(lines::add);
      } else if (size == 0 || Libc.errno() != Errno.EPIPE.intValue()) {
        break; // else some were lost since newer ones came too fast
      }
    }
    return lines;
  }

  static Optional<String> line(String record) {
    Matcher matcher = RECORD.matcher(record);
    boolean kernels = matcher.matches() && Integer.parseInt(matcher.group(1)) < 8;
    if (!kernels) {
      return Optional.empty();
    }
    long time = Long.parseLong(matcher.group(2));
    return Optional.of(
        String.format("[%5d.%06d] %s", time / MICROS, time % MICROS, matcher.group(3)));
  }

  @Override
  public void close() {
    if (fd >= 0) {
      Libc.C.close(fd);
    }
  }
}
