package dev.cryofuzz.executor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a burst chooses its runs; the numbers are those of {@code enum cf_strategy}. */
public enum Strategy {
  /** No bursts. */
  NONE,
  /** A few switches, stale loads and held stores anywhere. */
  RANDOM,
  /** The actor of the highest priority runs; some points lower it. */
  PCT,
  /** Every schedule of no, one, two switches more, and so on. */
  SYSTEMATIC,
  /** Each single stale load and held store. */
  SWEEP,
  /** Each access has a priority, drawn again when it has lost a race. */
  POS,
  /** All orders of the accesses to a word are as likely. */
  SURW,
  /** All of them, those most that pay. */
  PORTFOLIO;

  /** By its name as people type it. */
  public static Optional<Strategy> of(String name) {
    return Arrays.stream(values()).filter(strategy -> strategy.text().equals(name)).findFirst();
  }

  public static String names() {
    return Arrays.stream(values()).map(Strategy::text).collect(Collectors.joining(", "));
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  int number() {
    return ordinal();
  }
}
