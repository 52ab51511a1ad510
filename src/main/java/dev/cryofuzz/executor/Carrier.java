package dev.cryofuzz.executor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where the actors of a run live; the numbers are those of {@code enum cf_carrier}. */
public enum Carrier {
  /** As fibers if target and scenario permit it and nobody asks for fresh processes. */
  ANY,
  /** In a process each. */
  PROCESS,
  /** As contexts of one process. What can't be so is unsupported. */
  FIBER;

  /** By its name as people type it; {@link #ANY} has none. */
  public static Optional<Carrier> of(String name) {
    return Arrays.stream(values())
        .filter(carrier -> carrier != ANY && carrier.text().equals(name))
        .findFirst();
  }

  public static String names() {
    return Arrays.stream(values())
        .filter(carrier -> carrier != ANY)
        .map(Carrier::text)
        .collect(Collectors.joining(", "));
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  int number() {
    return ordinal();
  }
}
