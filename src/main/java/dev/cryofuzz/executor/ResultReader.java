package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.sys.SharedMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what happened in a run out of the control block. */
final class ResultReader {
  private static final Verdict PASS = new Verdict.Pass();
  private static final String ELSEWHERE = "code outside the target";

  private final SharedMemory control;
  private final Sites sites;

  ResultReader(SharedMemory control, Sites sites) {
    this.control = control;
    this.sites = sites;
  }

  Run read(int events, PlanWriter plan, List<String> actors) {
    Verdict verdict = verdict();
    boolean passed = verdict instanceof Verdict.Pass;
    return new Run(
        verdict,
        hash(),
        control.getInt(ControlLayout.RESULT_POINTS),
        control.getInt(ControlLayout.RESULT_SWITCHES),
        control.getInt(ControlLayout.RESULT_COMMITS),
        control.getInt(ControlLayout.RESULT_UNSEEN),
        steps(),
        fired(events, plan),
        passed ? List.of() : ends(actors),
        passed ? Optional.empty() : raisedBy(actors),
        unannounced());
  }

  long hash() {
    return control.getLong(ControlLayout.RESULT_HASH);
  }

  long steps() {
    return Integer.toUnsignedLong(control.getInt(ControlLayout.RESULT_STEPS));
  }

  Verdict verdict() {
    int outcome = control.getInt(ControlLayout.RESULT_OUTCOME);
    return switch (outcome) {
      case ControlLayout.OUTCOME_PASSED -> PASS;
      case ControlLayout.OUTCOME_VIOLATED -> violation();
      case ControlLayout.OUTCOME_UNSUPPORTED -> new Verdict.Unsupported(detail());
      case ControlLayout.OUTCOME_BROKEN -> new Verdict.Broken(detail());
      default -> new Verdict.Broken("the executor told no outcome: outcome=" + outcome);
    };
  }

  /** Of an entry of the table of outcomes, without a detail. */
  Verdict seen(int entry) {
    int number = control.getInt(entry + ControlLayout.SEEN_KIND);
    if (number == 0) {
      return PASS;
    }
    String name =
        control.getText(entry + ControlLayout.SEEN_SITE, ControlLayout.SITE_BYTES).strip();
    String place = sites.place(control.getInt(entry + ControlLayout.SEEN_SITE_ID));
    String site = name.isEmpty() ? place.isEmpty() ? ELSEWHERE : place : printable(name);
    return new Verdict.Found(new Finding(new Title(Kind.of(number).orElseThrow(), site), ""));
  }

  private Verdict violation() {
    int number = control.getInt(ControlLayout.RESULT_KIND);
    Optional<Kind> kind = Kind.of(number);
    if (kind.isEmpty()) {
      return new Verdict.Broken("the executor told an unknown kind: kind=" + number);
    }
    return new Verdict.Found(
        new Finding(new Title(kind.get(), site()), (detail() + where()).strip()));
  }

  /** Of crashes and hangs: the instruction, which may be elsewhere than the last point. */
  private String where() {
    long pc = control.getLong(ControlLayout.RESULT_PC);
    String place = pc == 0 ? "" : sites.placeOf(pc);
    return place.isEmpty() ? "" : " (at " + place + ")";
  }

  /** The name that the target gave the place; else its line; else only that it is elsewhere. */
  private String site() {
    String name = control.getText(ControlLayout.RESULT_SITE, ControlLayout.SITE_BYTES).strip();
    if (!name.isEmpty()) {
      return printable(name);
    }
    String place = sites.place(control.getInt(ControlLayout.RESULT_SITE_ID));
    long pc = control.getLong(ControlLayout.RESULT_PC);
    if (place.isEmpty() && pc != 0) {
      place = sites.placeOf(pc);
    }
    return place.isEmpty() ? ELSEWHERE : place;
  }

  String detail() {
    return printable(control.getText(ControlLayout.RESULT_DETAIL, ControlLayout.DETAIL_BYTES));
  }

  String outcome() {
    return printable(
        control.getText(ControlLayout.RESULT_OUTCOME_TEXT, ControlLayout.OUTCOME_BYTES));
  }

  /** Lines of text that the target attached. */
  String evidence() {
    return control.getText(ControlLayout.TEXT, ControlLayout.TEXT_BYTES);
  }

  private static String printable(String text) {
    return text.strip().replaceAll("\\p{Cntrl}", "?");
  }

  private List<Fired> fired(int events, PlanWriter plan) {
    if (events == 0) {
      return List.of();
    }
    Fired[] fired = new Fired[events];
    Arrays.fill(fired, Fired.UNREACHED);
    for (int i = 0; i < plan.events(); i++) {
      fired[plan.scenarioIndex(i)] = fired(ControlLayout.fired(i));
    }
    return Arrays.asList(fired);
  }

  private Fired fired(int at) {
    int fate = control.getByte(at + ControlLayout.FIRED_FATE);
    if (fate == 0) {
      return Fired.UNREACHED;
    }
    return new Fired(
        fate == 1 ? Fired.Fate.MOOT : Fired.Fate.FIRED,
        control.getInt(at + ControlLayout.FIRED_POINT),
        sites.place(control.getInt(at + ControlLayout.FIRED_SITE)),
        control.getInt(at + ControlLayout.FIRED_NTH));
  }

  /** Where each actor is: after a run, or in the middle of one that does not come to its end. */
  List<EndState> ends(List<String> actors) {
    List<EndState> ends = new ArrayList<>();
    for (int i = 0; i < actors.size(); i++) {
      ends.add(end(actors.get(i), ControlLayout.actorResult(i)));
    }
    return ends;
  }

  private EndState end(String actor, int at) {
    EndState.State[] states = EndState.State.values();
    int state = control.getInt(at + ControlLayout.ACTOR_STATE);
    return new EndState(
        actor,
        states[Math.floorMod(state, states.length)],
        control.getInt(at + ControlLayout.ACTOR_POINTS),
        sites.place(control.getInt(at + ControlLayout.ACTOR_SITE)),
        printable(control.getText(at + ControlLayout.ACTOR_WAITS, ControlLayout.WAITS_BYTES)));
  }

  private Optional<String> raisedBy(List<String> actors) {
    int actor = control.getInt(ControlLayout.RESULT_ACTOR);
    return actor >= 0 && actor < actors.size() ? Optional.of(actors.get(actor)) : Optional.empty();
  }

  private List<String> unannounced() {
    int count = control.getInt(ControlLayout.RESULT_UNANNOUNCED);
    if (count == 0) {
      return List.of();
    }
    List<String> places = new ArrayList<>();
    for (int i = 0; i < Math.min(count, ControlLayout.MAX_UNANNOUNCED); i++) {
      long pc = control.getLong(ControlLayout.RESULT_UNANNOUNCED_PC + 8 * i);
      String place = sites.placeOf(pc);
      places.add(place.isEmpty() ? "offset " + Long.toHexString(pc) : place);
    }
    return places;
  }
}
