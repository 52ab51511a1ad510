package dev.cryofuzz.sys;

import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Bytes at an address that native code has told. */
public final class NativeBytes {
  private static final Runtime RUNTIME = Runtime.getSystemRuntime();

  private NativeBytes() {}

  public static byte[] read(long address, int size) {
    byte[] bytes = new byte[size];
    if (size > 0) {
      Pointer.wrap(RUNTIME, address).get(0, bytes, 0, size);
    }
    return bytes;
  }

  public static void write(long address, byte[] bytes) {
    if (bytes.length > 0) {
      Pointer.wrap(RUNTIME, address).put(0, bytes, 0, bytes.length);
    }
  }
}
