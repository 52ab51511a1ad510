package dev.cryofuzz.explain;

import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What traces show of the sites at which something is done. */
final class Places {
  private final List<Step> steps = new ArrayList<>();
  private final Map<Long, Set<Integer>> actorsOfWord = new HashMap<>();
  private final Set<Long> written = new HashSet<>();

  void add(Trace trace) {
    for (Step step : trace.steps()) {
      if (step.site().isEmpty() || !isDone(step.op())) {
        continue;
      }
      steps.add(step);
      if (step.op().isAccess()) {
        actorsOfWord.computeIfAbsent(word(step), word -> new HashSet<>()).add(step.actor());
        if (stores(step)) {
          written.add(word(step));
        }
      }
    }
  }

  /** Not what follows from what was done elsewhere. */
  private static boolean isDone(Op op) {
    return switch (op) {
      case COMMIT, UNSEEN, SWITCH, SPIN, PARK, END, FAIL, SIGNAL, KILL -> false;
      default -> true;
    };
  }

  private static long word(Step step) {
    return step.address() >> 3;
  }

  private static boolean loads(Step step) {
    return step.op() == Op.LOAD || step.op() == Op.RMW || step.op() == Op.CAS_FAIL;
  }

  private static boolean stores(Step step) {
    return step.op() == Op.STORE || step.op() == Op.RMW;
  }

  private boolean shared(Step step) {
    return step.op().isAccess()
        && written.contains(word(step))
        && actorsOfWord.get(word(step)).size() > 1;
  }

  /** Sorted by site. */
  List<Place> all() {
    Map<String, Place> all = new TreeMap<>();
    for (Step step : steps) {
      Place place = new Place(step.site(), loads(step), stores(step), shared(step));
      all.merge(step.site(), place, Place::and);
    }
    return List.copyOf(all.values());
  }
}
