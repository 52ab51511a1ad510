package dev.cryofuzz.oracle;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names and ranks what went wrong in a run. It judges raised violations and how the actors were
 * left, nothing else: which variant ran it is not told.
 */
public final class Judge {
  private static final String UNKNOWN = "unknown";

  private Judge() {}

  /** The primary finding: the nearest to the cause, of equals the one raised first. */
  public static Optional<Finding> judge(List<RawViolation> raised, List<ActorEnd> ends) {
    List<Finding> findings = new ArrayList<>();
    raised.forEach(violation -> findings.add(named(violation, ends)));
    crash(ends).ifPresent(findings::add);
    if (findings.isEmpty()) {
      stuck(ends).ifPresent(findings::add);
    }
    return findings.stream().min(Comparator.comparing(finding -> finding.title().kind().rank()));
  }

  private static Finding named(RawViolation violation, List<ActorEnd> ends) {
    Kind kind =
        Kind.of(violation.kind())
            .orElseThrow(
                () -> new IllegalArgumentException("kind=" + violation.kind() + ": unknown"));
    String site = violation.site().isBlank() ? UNKNOWN : violation.site();
    return new Finding(new Title(kind, site), detail(kind, violation.detail(), ends));
  }

  /** Where somebody waits forever, the detail says who waits for what. */
  private static String detail(Kind kind, String detail, List<ActorEnd> ends) {
    if (!detail.isEmpty()) {
      return detail;
    }
    return switch (kind) {
      case DEADLOCK, HANG, LOST_WAKEUP -> waiting(ends);
      default -> detail;
    };
  }

  private static Optional<Finding> crash(List<ActorEnd> ends) {
    return ends.stream()
        .filter(end -> end.state() == ActorEnd.State.DEAD)
        .findFirst()
        .map(end -> new Finding(new Title(Kind.CRASH, place(end)), end.text()));
  }

  /** If nobody can go on, the run did not end: a hang if somebody spins, else a deadlock. */
  private static Optional<Finding> stuck(List<ActorEnd> ends) {
    List<ActorEnd> stuck = ends.stream().filter(ActorEnd::isStuck).toList();
    if (stuck.isEmpty() || ends.stream().anyMatch(end -> end.state() == ActorEnd.State.READY)) {
      return Optional.empty();
    }
    Optional<ActorEnd> spinning =
        stuck.stream().filter(end -> end.state() == ActorEnd.State.SPINNING).findFirst();
    Kind kind = spinning.isPresent() ? Kind.HANG : Kind.DEADLOCK;
    Title title = new Title(kind, place(spinning.orElse(stuck.get(0))));
    return Optional.of(new Finding(title, waiting(ends)));
  }

  private static String waiting(List<ActorEnd> ends) {
    return ends.stream()
        .filter(ActorEnd::isStuck)
        .map(ActorEnd::text)
        .collect(Collectors.joining("; "));
  }

  private static String place(ActorEnd end) {
    return end.site().isBlank() ? end.actor() : end.site();
  }
}
