package dev.cryofuzz.executor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The places in a target's source, as NAME.sites beside NAME.so lists them: lines "hexoffset
 * file.c:line", sorted by offset. A place's dense id is 1 + its index among all places in byte
 * order; the native side numbers them the same way.
 */
public final class Sites {
  private final long[] offsets;
  private final int[] idOfOffset;
  private final String[] places;

  private Sites(long[] offsets, int[] idOfOffset, String[] places) {
    this.offsets = offsets;
    this.idOfOffset = idOfOffset;
    this.places = places;
  }

  public static Sites read(Path file) {
    try {
      // Latin 1, so that the order of characters is the order of bytes.
      return parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new HarnessException(file + " can't be read; type ./cryofuzz build", e);
    } catch (IllegalArgumentException e) {
      throw new HarnessException(file + ": " + e.getMessage(), e);
    }
  }

  static Sites parse(List<String> lines) {
    String[] placeOfLine = lines.stream().map(Sites::place).toArray(String[]::new);
    String[] places = Arrays.stream(placeOfLine).distinct().sorted().toArray(String[]::new);
    long[] offsets = lines.stream().mapToLong(Sites::offset).toArray();
    int[] ids =
        Arrays.stream(placeOfLine).mapToInt(p -> 1 + Arrays.binarySearch(places, p)).toArray();
    return new Sites(offsets, ids, places);
  }

  private static String place(String line) {
    return line.substring(blank(line) + 1);
  }

  private static long offset(String line) {
    return Long.parseUnsignedLong(line.substring(0, blank(line)), 16);
  }

  private static int blank(String line) {
    int blank = line.indexOf(' ');
    if (blank <= 0 || blank == line.length() - 1) {
      throw new IllegalArgumentException("line=" + line + ": expected HEXOFFSET FILE:LINE");
    }
    return blank;
  }

  /** The place with this dense id, or "" for 0 and unknown ones. */
  public String place(int id) {
    return id >= 1 && id <= places.length ? places[id - 1] : "";
  }

  /** The dense id of a place. */
  public Optional<Integer> id(String place) {
    int index = Arrays.binarySearch(places, place);
    return index < 0 ? Optional.empty() : Optional.of(index + 1);
  }

  /** The place of the instruction at this offset in the target, or "". */
  public String placeOf(long offset) {
    int index = Arrays.binarySearch(offsets, offset);
    int last = index < 0 ? -index - 2 : lastEqual(index);
    return last < 0 ? "" : place(idOfOffset[last]);
  }

  private int lastEqual(int index) {
    int last = index;
    while (last + 1 < offsets.length && offsets[last + 1] == offsets[index]) {
      last++;
    }
    return last;
  }

  /** All places, in the order of their ids. */
  public List<String> places() {
    return new ArrayList<>(Arrays.asList(places));
  }
}
