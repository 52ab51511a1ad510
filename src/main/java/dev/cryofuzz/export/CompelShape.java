package dev.cryofuzz.export;

import dev.cryofuzz.finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sections that a program of libcompel's consists of. */
final class CompelShape {
  private static final Map<Integer, String> PLACES =
      Map.of(0, "read", 1, "spin", 2, "poll", 4, "nanosleep");
  private static final Map<Integer, String> LAYOUTS =
      Map.of(2, "shared-executable", 3, "long-path");
  private static final Set<String> LOOKED_AT =
      Set.of("code", "descriptors", "dispositions", "breakpoints");
  private static final Map<String, String> JUDGED =
      Map.of(
          "call", "answer",
          "vectors", "answer",
          "stopped", "stopped",
          "child", "child",
          "orphan", "orphan",
          "refused", "unended");
  private static final Set<Integer> STRANGERS = Set.of(1, 2, 4, 7);
  private static final int HANDLED = 5;
  private static final int CHILD = 14;
  private static final int DIES = 15;

  private final CompelRun run;
  private final List<String> sections = new ArrayList<>();

  private CompelShape(CompelRun run) {
    this.run = run;
  }

  /** Throws Refusal if there is none for something of the scenario. */
  static List<String> of(CompelRun run) {
    CompelShape shape = new CompelShape(run);
    if (run.param("stdio") != 0 || run.param("log") != 0) {
      throw new Refusal("where its tracer and its parasite write to has no counterpart here");
    }
    shape.sections.add("base");
    shape.sections.add("victim:" + shape.victim());
    shape.sections.add("state:" + shape.state());
    shape.disturbance();
    if (shape.needsCalls()) {
      shape.calls();
    } else {
      shape.sections.add("calls:none");
    }
    shape.sections.add("infected:" + (run.site().equals("accept") ? "peer" : "none"));
    shape.judge();
    shape.sections.add("main");
    return shape.sections;
  }

  private String victim() {
    if (run.site().equals("vectors")) {
      return "vectors";
    }
    String place = PLACES.get(run.param("place"));
    if (place == null || run.param("code") != 0) {
      throw new Refusal("where its victim stands has no counterpart in plain C here");
    }
    return place;
  }

  private String state() {
    if (run.param("trap") == 2) {
      return "trap-ignored";
    }
    if (run.param("disturbs") == HANDLED) {
      return "handles-tstp";
    }
    return LAYOUTS.getOrDefault(run.param("layout"), "none");
  }

  private boolean needsCalls() {
    return run.param("disturbs") != 0
        || run.param("fails") != 0
        || run.param("stranger") != 0
        || run.finding().title().kind() == Kind.HANG
        || !run.scenario().events().isEmpty();
  }

  private void disturbance() {
    int kind = run.param("disturbs");
    if (kind != CHILD) {
      sections.add("moment:nothing");
    }
    if (needsCalls()) {
      sections.add("moment:hold");
    }
    if (kind == 0) {
      return;
    }
    sections.add("moment:comes");
    if (kind != CHILD && kind != DIES && !CompelSettings.SIGNALS.containsKey(kind)) {
      throw new Refusal("what disturbs it (" + kind + ") has no counterpart in plain C here");
    }
    sections.add("moment:" + (kind == CHILD ? "child" : kind == DIES ? "dies" : "signal"));
  }

  private void calls() {
    if (run.param("disturbs") == 0) {
      sections.add("moment:none");
    }
    boolean fails = run.param("fails") != 0 || run.scenario().variant().equals("refusal-swallows");
    sections.add("failing:" + (fails ? "fails" : "none"));
    stranger(run.param("stranger"));
    damage();
    sections.add("calls:all");
  }

  private void stranger(int kind) {
    if (kind == 0) {
      sections.add("stranger:none");
      return;
    }
    if (!STRANGERS.contains(kind)) {
      throw new Refusal("what its stranger does (" + kind + ") has no counterpart here");
    }
    sections.add("stranger:hears");
    if (kind == 4) {
      sections.add("stranger:acknowledges");
      return;
    }
    sections.add("stranger:connects");
    sections.add("stranger:" + (kind == 2 ? "answers" : "is-silent"));
  }

  private void damage() {
    if (run.damage().isEmpty()) {
      sections.add("damage:none");
      return;
    }
    sections.addAll(List.of("damage:damages", "damage:one", "damage:frames"));
  }

  private void judge() {
    String site = run.site();
    String judge =
        switch (run.finding().title().kind()) {
          case HANG -> "hang";
          case CRASH -> "crash";
          case BAD_ACCEPT -> site.equals("ack") ? "accepted" : "taken";
          case INVARIANT -> "refused";
          default -> LOOKED_AT.contains(site) ? "changed" : JUDGED.get(site);
        };
    if (judge == null) {
      throw new Refusal(
          "only cryofuzz's own victim can tell that; its checks of " + site + " are not exported");
    }
    if (!judge.equals("orphan")) {
      sections.add("judge:look-" + (judge.equals("changed") ? site : "none"));
    }
    sections.add("judge:" + judge);
  }
}
