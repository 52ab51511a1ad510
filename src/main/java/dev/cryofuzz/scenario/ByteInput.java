package dev.cryofuzz.scenario;

/** Takes little-endian unsigned numbers from a byte string. */
final class ByteInput {
  private final byte[] bytes;
  private int position;

  ByteInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int remaining() {
    return bytes.length - position;
  }

  /** The byte that comes next; there must be one. */
  int next() {
    return bytes[position] & 0xff;
  }

  long take(int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (bytes[position++] & 0xffL) << (8 * i);
    }
    return value;
  }
}
