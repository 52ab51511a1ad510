package dev.cryofuzz.report;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Origins;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The steps that a finding is about: two accesses in no order, or the load of an old value with the
 * store that it saw and the one that it missed, or a message with its sender; at last where the
 * finding was raised. Only what the trace itself shows is named, so often it is the last one alone.
 */
final class Offence {
  private static final Set<Kind> OF_MESSAGES =
      EnumSet.of(Kind.TRIMMED_MESSAGE, Kind.MISREAD_MESSAGE, Kind.DUPLICATE_MESSAGE);

  private static final String ACCESS = "(load|store) of (\\S+) at (\\S+) \\([^)]*\\)";

  /** As executor/races.c says it. */
  private static final Pattern RACE =
      Pattern.compile("\\[(\\d+)] \\d+ bytes: " + ACCESS + ", " + ACCESS + ": in no order");

  /** No step: it is only told. */
  private static final int NOWHERE = -1;

  /** What a step has to do with the finding. */
  record Part(int step, String role) {
    boolean isShown() {
      return step != NOWHERE;
    }
  }

  private final Finding finding;
  private final Trace trace;
  private final Origins origins;
  private final List<Part> parts = new ArrayList<>();

  private Offence(Finding finding, Trace trace, Origins origins) {
    this.finding = finding;
    this.trace = trace;
    this.origins = origins;
  }

  static List<Part> of(Finding finding, Trace trace, Origins origins) {
    Offence offence = new Offence(finding, trace, origins);
    offence.find();
    return offence.parts;
  }

  private void find() {
    Optional<Integer> raised = last(step -> step.op() == Op.FAIL);
    int actor = raised.map(index -> trace.steps().get(index).actor()).orElse(NOWHERE);
    Matcher race = RACE.matcher(finding.detail());
    if (finding.title().kind() == Kind.DATA_RACE && race.matches()) {
      race(race);
    } else {
      oldLoad(actor).ifPresent(this::oldValue);
      if (parts.isEmpty() && OF_MESSAGES.contains(finding.title().kind())) {
        last(step -> step.op() == Op.RECV && step.actor() == actor).ifPresent(this::message);
      }
    }
    raised.ifPresent(index -> add(index, "the finding is raised"));
  }

  /** The first pair, as the runtime tells the first one. */
  private void race(Matcher said) {
    Predicate<Step> one = access(said, 2);
    Predicate<Step> other = access(said, 5);
    int seen = NOWHERE;
    for (int index = 0; index < trace.steps().size() && parts.isEmpty(); index++) {
      if (seen != NOWHERE && other.test(trace.steps().get(index))) {
        add(seen, "one access");
        add(index, "the other: nothing orders the two");
      } else if (one.test(trace.steps().get(index))) {
        seen = index;
      }
    }
  }

  private Predicate<Step> access(Matcher said, int group) {
    long address = Long.parseLong(said.group(1));
    boolean load = said.group(group).equals("load");
    return step ->
        step.op().isAccess()
            && load == (step.op() == Op.LOAD || step.op() == Op.CAS_FAIL)
            && trace.actor(step).equals(said.group(group + 1))
            && step.site().equals(said.group(group + 2))
            && step.address() / Long.BYTES == address / Long.BYTES;
  }

  /** Of the actor that failed if there is one, since others may have seen old values, too. */
  private Optional<Integer> oldLoad(int actor) {
    Predicate<Step> old = step -> step.op() == Op.LOAD && step.has(Flag.STALE);
    return last(old.and(step -> step.actor() == actor)).or(() -> held(actor)).or(() -> last(old));
  }

  /** A load that could not see a store, since that was held back. */
  private Optional<Integer> held(int actor) {
    return IntStream.range(0, trace.steps().size())
        .filter(index -> trace.steps().get(index).actor() == actor)
        .filter(index -> trace.steps().get(index).op() == Op.LOAD)
        .filter(index -> origins.newerThan(index).isPresent())
        .boxed()
        .reduce((one, next) -> next);
  }

  private void oldValue(int load) {
    origins.newerThan(load).ifPresent(store -> add(store, "the newest store before"));
    add(load, "the load gets an older value");
    origins
        .of(load)
        .ifPresentOrElse(
            store -> add(store, "the store whose value it got"),
            () -> {
              if (origins.isInitial(load)) {
                add(NOWHERE, "what was there before the first step");
              }
            });
  }

  private void message(int received) {
    origins.of(received).ifPresent(sent -> add(sent, "its sender"));
    add(received, "the last message received before");
  }

  private void add(int step, String role) {
    parts.add(new Part(step, role));
  }

  private Optional<Integer> last(Predicate<Step> wanted) {
    return IntStream.range(0, trace.steps().size())
        .filter(index -> wanted.test(trace.steps().get(index)))
        .boxed()
        .reduce((one, next) -> next);
  }
}
