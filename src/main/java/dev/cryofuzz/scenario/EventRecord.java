package dev.cryofuzz.scenario;

/**
 * The numbers of one event as bytes. The first byte, and only it, has its highest bit set, so that
 * records find their beginnings again wherever a mutation inserts or removes something. What is
 * most often not zero comes first, and zeros at the end are left out.
 *
 * <pre>
 *   0x80|op  point  actor  arg  value  point  arg  value  point  arg  value  value  value
 *   bits      0-6           0-6  0-6   7-13   7-13 7-13   14-15 14-15 14-20  21-27  28-31
 * </pre>
 */
record EventRecord(int op, int point, int actor, int arg, long value) {
  static final int MAX_LENGTH = 13;

  private static final int START = 0x80;
  private static final int BITS = 7;

  /** Takes the next record, passing over what belongs to none; null at the end. */
  static EventRecord read(ByteInput in) {
    int start = 0;
    while (start < START) {
      if (in.remaining() == 0) {
        return null;
      }
      start = (int) in.take(1);
    }
    long[] data = new long[MAX_LENGTH - 1];
    for (int i = 0; in.remaining() > 0 && in.next() < START; i++) {
      long septet = in.take(1);
      if (i < data.length) {
        data[i] = septet;
      }
    }
    return new EventRecord(
        start & ~START,
        (int) join(data[0], data[4], data[7]) & 0xffff,
        (int) data[1],
        (int) join(data[2], data[5], data[8]) & 0xffff,
        join(data[3], data[6], data[9], data[10], data[11]) & 0xffff_ffffL);
  }

  void write(ByteOutput out) {
    long[] data = {
      part(point, 0),
      actor,
      part(arg, 0),
      part(value, 0),
      part(point, 1),
      part(arg, 1),
      part(value, 1),
      part(point, 2),
      part(arg, 2),
      part(value, 2),
      part(value, 3),
      part(value, 4)
    };
    int length = data.length;
    while (length > 0 && data[length - 1] == 0) {
      length--;
    }
    out.put(START | op, 1);
    for (int i = 0; i < length; i++) {
      out.put(data[i], 1);
    }
  }

  private static long join(long... septets) {
    long value = 0;
    for (int i = 0; i < septets.length; i++) {
      value |= septets[i] << (BITS * i);
    }
    return value;
  }

  private static long part(long value, int septet) {
    return value >>> (BITS * septet) & ((1 << BITS) - 1);
  }
}
