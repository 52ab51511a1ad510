package dev.cryofuzz.export;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.report.Printable;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which runs of handshakes a program can make again. */
public final class HandshakeRefusal {
  /** What cryofuzz says itself, unless the target's own check has said it. */
  private static final Set<Kind> NOT_CHECKED =
      EnumSet.of(
          Kind.DATA_RACE,
          Kind.HANG,
          Kind.LOST_WAKEUP,
          Kind.CRASH,
          Kind.KERNEL_LOG,
          Kind.DIVERGENCE);

  /** What else can be done to objects takes threads, or is done again by itself. */
  private static final Set<String> NOT_DRIVEN =
      Set.of("create", "join", "detach", "exit", "once", "started");

  private HandshakeRefusal() {}

  /** Why this run can't be had without cryofuzz; empty if it can. */
  public static Optional<String> of(Finding finding, Trace trace) {
    List<Step> steps = trace.steps();
    Kind kind = finding.title().kind();
    boolean told = steps.stream().anyMatch(step -> step.op() == Op.FAIL);
    if (NOT_CHECKED.contains(kind) && !told && !isStandstill(finding)) {
      return Optional.of(
          "a "
              + kind.text()
              + " is told by cryofuzz; only what the target checks itself can be exported, or that"
              + " nobody goes on");
    }
    return ofRun(trace);
  }

  /** That nobody goes on can be seen without cryofuzz: all who have not ended wait, or spin. */
  static boolean isStandstill(Finding finding) {
    return switch (finding.title().kind()) {
      case DEADLOCK -> true;
      case HANG -> Stream.of(finding.detail().split("; ")).allMatch(who -> who.endsWith(" spins"));
      default -> false;
    };
  }

  /** The same, whatever comes of it. */
  public static Optional<String> ofRun(Trace trace) {
    if (trace.cut()) {
      return Optional.of("the run is too long: its first steps are missing");
    }
    return trace.steps().stream()
        .filter(step -> !StepTable.isDriven(step) || NOT_DRIVEN.contains(driven(step)))
        .findFirst()
        .map(
            step -> "its run has a " + words(step) + ", which nothing without cryofuzz can repeat");
  }

  private static String driven(Step step) {
    return step.op() == Op.OBJECT ? step.verb() : "";
  }

  private static String words(Step step) {
    return (step.op() == Op.OBJECT ? step.verb() : step.op().text())
        + (step.op().isAccess() ? " of " + step.size() + " bytes" : "")
        + (step.site().isEmpty() ? "" : " at " + Printable.line(step.site()));
  }
}
