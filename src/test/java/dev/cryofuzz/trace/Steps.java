package dev.cryofuzz.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A trace written down step by step. */
final class Steps {
  private final List<String> actors;
  private final List<Step> steps = new ArrayList<>();

  Steps(String... actors) {
    this.actors = List.of(actors);
  }

  Steps at(String actor, int point, Op op, String site, long address, long value, Flag... flags) {
    int index = actors.indexOf(actor);
    steps.add(new Step(index, point, op, site, address, 8, value, 0, Set.of(flags)));
    return this;
  }

  Steps fence(String actor, int point, int order, String site) {
    int index = actors.indexOf(actor);
    steps.add(new Step(index, point, Op.FENCE, site, 0, order, 0, 0, Set.of()));
    return this;
  }

  Steps object(String actor, int point, String verb, long address, long result) {
    return saying(Op.OBJECT, actor, point, verb, address, result);
  }

  Steps call(String actor, int point, String verb, long to, long result) {
    return saying(Op.CALL, actor, point, verb, to, result);
  }

  private Steps saying(Op op, String actor, int point, String verb, long address, long result) {
    long name = 0;
    for (int i = 0; i < verb.length(); i++) {
      name |= (long) verb.charAt(i) << (8 * i);
    }
    int index = actors.indexOf(actor);
    steps.add(new Step(index, point, op, "monitor.c:5", address, 0, result, name, Set.of()));
    return this;
  }

  Steps to(String from, int point, String to) {
    return at(from, point, Op.SWITCH, "", 0, actors.indexOf(to));
  }

  Trace trace() {
    return new Trace(actors, steps, 0x1234, false);
  }

  Trace cut() {
    return new Trace(actors, steps, 0x1234, true);
  }
}
