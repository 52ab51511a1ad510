package dev.cryofuzz.scenario;

import java.io.ByteArrayOutputStream;

/** Puts little-endian unsigned numbers into a byte string. */
final class ByteOutput {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  void put(long value, int width) {
    for (int i = 0; i < width; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
