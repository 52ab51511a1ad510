package dev.cryofuzz.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * One step of a run.
 *
 * @param actor its index among the trace's actors
 * @param site "queue.c:57", or "" if not known
 * @param address the offset in the shared segment, or the channel's number and direction
 * @param size the bytes accessed; of a fence the memory order
 * @param value the value read or written; of a message its length; of a mark, with the address, the
 *     first bytes of its name
 * @param extra of a message the hash of its bytes, of a load the commit time of the version; of an
 *     object or a call the characters that say what was done
 */
public record Step(
    int actor,
    int point,
    Op op,
    String site,
    long address,
    int size,
    long value,
    long extra,
    Set<Flag> flags) {
  public Step {
    flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags));
  }

  /** Of a mark the first characters of the name that the target gave it, made printable. */
  public String markName() {
    return characters(address, value);
  }

  /** What was done to an object, or which call it was: "lock", "wait", "kill". */
  public String verb() {
    return characters(extra);
  }

  private static String characters(long... parts) {
    ByteBuffer bytes =
        ByteBuffer.allocate(parts.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long part : parts) {
      bytes.putLong(part);
    }
    String name = new String(bytes.array(), StandardCharsets.UTF_8);
    return name.replaceAll("\\x00+$", "").replaceAll("[^\\x20-\\x7e]", "?");
  }

  public boolean has(Flag flag) {
    return flags.contains(flag);
  }
}
