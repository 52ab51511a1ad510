package dev.cryofuzz.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Remembers what a PrintStream does not tell: why something could not be written. */
final class StandardOutput extends FilterOutputStream {
  private static final String GONE = "Broken pipe";

  private volatile Optional<String> fault = Optional.empty();

  StandardOutput(OutputStream stream) {
    super(stream);
  }

  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  /** Empty, too, if whoever read it has gone away, as head does: that one has enough. */
  Optional<String> fault() {
    return fault.filter(reason -> !reason.equals(GONE));
  }

  @Override
  public void write(int letter) throws IOException {
    write(new byte[] {(byte) letter}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      fault = Optional.of(String.valueOf(e.getMessage()));
      throw e;
    }
  }
}
