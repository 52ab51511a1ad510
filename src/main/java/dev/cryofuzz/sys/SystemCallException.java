package dev.cryofuzz.sys;

import jnr.constants.platform.Errno;

/** The system refused a call that should have worked. */
public final class SystemCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  SystemCallException(String call, int errno) {
    super(call + ": " + Errno.valueOf(errno).description() + " (errno=" + errno + ")");
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** Turns a negative result into an exception that names the call. */
  static int check(String call, int result) {
    if (result < 0) {
      throw new SystemCallException(call, Libc.errno());
    }
    return result;
  }

  /** For functions of the posix_spawn family, which return the error instead of setting errno. */
  static void checkReturned(String call, int error) {
    if (error != 0) {
      throw new SystemCallException(call, error);
    }
  }
}
