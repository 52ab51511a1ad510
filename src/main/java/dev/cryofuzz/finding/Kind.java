package dev.cryofuzz.finding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The closed list of what can be found, numbered like enum cf_kind, which starts at 1. Of several
 * findings of a run the one of the lowest rank is the primary, the others follow from it: what was
 * changed or misread comes before what then got lost, that before the process that fell over it,
 * and that before those who wait for it.
 */
public enum Kind {
  SAVED_DATA_MODIFIED(1),
  STATE_CHANGED(2),
  TRIMMED_MESSAGE(3),
  MISREAD_MESSAGE(4),
  LOST_MESSAGE(8),
  DUPLICATE_MESSAGE(7),
  STALE_READ(5),
  DOUBLE_FREE(9),
  INVARIANT(11),
  DATA_RACE(6),
  DEADLOCK(15),
  HANG(16),
  LOST_WAKEUP(14),
  LOST_SIGNAL(13),
  ZOMBIE(17),
  LEAK(18),
  CRASH(12),
  BAD_ACCEPT(10),
  KERNEL_LOG(0),
  DIVERGENCE(19);

  private final int rank;

  Kind(int rank) {
    this.rank = rank;
  }

  /** Lower is nearer to the cause. */
  public int rank() {
    return rank;
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The number of this kind in the control block. */
  public int number() {
    return ordinal() + 1;
  }

  public static Optional<Kind> of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  public static Optional<Kind> of(int number) {
    return number >= 1 && number <= values().length
        ? Optional.of(values()[number - 1])
        : Optional.empty();
  }
}
