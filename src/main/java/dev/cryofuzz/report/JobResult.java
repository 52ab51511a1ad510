package dev.cryofuzz.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a part of a campaign: one variant of one target under one memory model.
 *
 * @param reason why it did not run, or not to its end; "" if it did
 * @param milliseconds that it had
 */
public record JobResult(
    String target,
    String variant,
    String memory,
    Ending ending,
    String reason,
    long runs,
    int corpus,
    int features,
    long milliseconds) {

  /** How it ended; what it found is told apart. */
  public enum Ending {
    /** It had its time, or was stopped in it. */
    RAN,
    /** Its default run fails, so there is nothing to fuzz. */
    FAILED,
    /** It can't run here. */
    UNSUPPORTED,
    /** Our own or the machine's fault. */
    BROKEN,
    /** The campaign ended before its turn came. */
    STOPPED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Ending of(String text) {
      return Arrays.stream(values())
          .filter(ending -> ending.text().equals(text))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("ending=" + text));
    }
  }

  boolean isOf(SavedFinding finding) {
    return target.equals(finding.scenario().target())
        && variant.equals(finding.scenario().variant());
  }

  /** Why nothing is known of it; empty if it ran. */
  Optional<String> skipped() {
    return switch (ending) {
      case UNSUPPORTED -> Optional.of("can't run here: " + reason);
      case STOPPED -> Optional.of("the campaign ended before its turn");
      case RAN, FAILED, BROKEN -> Optional.empty();
    };
  }
}
