package dev.cryofuzz.scenario;

import java.util.Arrays;

/** Puts little-endian unsigned numbers into a byte string. */
final class ByteOutput {
  /** A few events; more are rare. */
  private byte[] bytes = new byte[64];

  private int size;

  void put(long value, int width) {
    if (size + width > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    for (int i = 0; i < width; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
