package dev.cryofuzz.finding;

import java.util.Objects;
import java.util.Optional;

/** What a run came to. */
public sealed interface Verdict {
  /** Nothing wrong. */
  record Pass() implements Verdict {}

  /** The target failed. */
  record Found(Finding finding) implements Verdict {
    public Found {
      Objects.requireNonNull(finding, "finding");
    }
  }

  /** It can't run here, for this reason. */
  record Unsupported(String reason) implements Verdict {
    public Unsupported {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Our own or the machine's fault: nothing is known about the target. */
  record Broken(String reason) implements Verdict {
    public Broken {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Whether nothing is known of the target. */
  default boolean isTrouble() {
    return !(this instanceof Pass || this instanceof Found);
  }

  /** In words, for whoever reads what became of a run. */
  default String text() {
    if (this instanceof Found it) {
      return it.finding().toString();
    }
    if (this instanceof Unsupported cannot) {
      return "can't run here: " + cannot.reason();
    }
    return this instanceof Broken broken ? "broken: " + broken.reason() : "no finding";
  }

  default Optional<Finding> found() {
    return this instanceof Found it ? Optional.of(it.finding()) : Optional.empty();
  }

  default Optional<Title> title() {
    return found().map(Finding::title);
  }
}
