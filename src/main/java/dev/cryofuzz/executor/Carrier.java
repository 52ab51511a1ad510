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
  FIBER,
  /** In a process each, without control: see {@link Executor#runNatively}. */
  NATIVE;

  /** By its name as people type it, of those on which scenarios are run. */
  public static Optional<Carrier> of(String name) {
    return Arrays.stream(values())
        .filter(carrier -> carrier.controls() && carrier.text().equals(name))
        .findFirst();
  }

  public static String names() {
    return Arrays.stream(values())
        .filter(Carrier::controls)
        .map(Carrier::text)
        .collect(Collectors.joining(", "));
  }

  /** Whether events can happen there. */
  private boolean controls() {
    return this == PROCESS || this == FIBER;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  int number() {
    return ordinal();
  }
}
