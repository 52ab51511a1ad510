package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Outcome;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.DescribedFact;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Explores targets all of whose actors are controlled: the first half of the runs are all there
 * are, by the number of events, the others are drawn by all strategies in turn.
 */
public final class ControlledRuns implements Explorer {
  private static final int SMALLEST_PIECE = 250;
  private static final int LARGEST_PIECE = 20_000;

  /** Of the runs of an experiment, near the events of the scenario. */
  private static final int PART_NEAR = 8;

  /** That of ten failures to be expected none comes; there are many sets of sites. */
  private static final double RISK = Math.exp(-10);

  private final Executor executor;
  private final long seed;
  private final Supplier<Optional<String>> ended;

  /**
   * @param ended asked now and then; once it says why, explorations end, and tell nothing
   */
  public ControlledRuns(Executor executor, long seed, Supplier<Optional<String>> ended) {
    this.executor = executor;
    this.seed = seed;
    this.ended = ended;
  }

  @Override
  public double risk() {
    return RISK;
  }

  /** All: what was seen among all of them is said, too. */
  @Override
  public long enough(Exploration baseline, long most) {
    return most;
  }

  @Override
  public Exploration explore(Experiment experiment, Title title, long runs) {
    return new Search(experiment, experiment.scenario(), title, false).run(runs / 2, runs);
  }

  @Override
  public Exploration seek(Experiment experiment, Title title, long runs) {
    Exploration seen =
        new Search(experiment, experiment.scenario(), title, true).run(runs / 2, runs);
    if (seen.failed() > 0
        || seen.exhausted()
        || seen.trouble().isPresent()
        || !hasNear(experiment)) {
      return seen;
    }
    return seen.and(
        new Search(experiment, experiment.near(), title, true).run(0, runs / PART_NEAR));
  }

  private static boolean hasNear(Experiment experiment) {
    return !experiment.near().equals(experiment.scenario());
  }

  @Override
  public List<Place> places(Experiment experiment, Title title) {
    Places places = new Places();
    places.add(executor.runTraced(experiment.scenario(), RunMode.KEPT).trace());
    places.add(executor.runTraced(experiment.near(), RunMode.KEPT).trace());
    return places.all();
  }

  /** Runs around one scenario, piece by piece. */
  private final class Search {
    private final Experiment experiment;
    private final Scenario around;
    private final Title title;
    private final boolean untilFound;
    private Outcomes last;
    private int piece = SMALLEST_PIECE;

    Search(Experiment experiment, Scenario around, Title title, boolean untilFound) {
      this.experiment = experiment;
      this.around = around;
      this.title = title;
      this.untilFound = untilFound;
    }

    Exploration run(long exhaustive, long all) {
      pieces(Strategy.NONE, exhaustive);
      pieces(Strategy.PORTFOLIO, all);
      return exploration();
    }

    /** Until then, or until the strategy knows of nothing more. */
    private void pieces(Strategy strategy, long until) {
      boolean goesOn = true;
      while (goesOn && wantsMore(until)) {
        piece(strategy, until);
        goesOn = last.made() > 0;
      }
    }

    private void piece(Strategy strategy, long until) {
      long left = until - (last == null ? 0 : last.runs());
      int budget = (int) Math.max(1, Math.min(piece, left));
      last =
          executor.collect(
              around, experiment.circumstances(), strategy, seed, budget, last != null);
      piece = Math.min(2 * piece, LARGEST_PIECE);
    }

    private boolean wantsMore(long until) {
      if (last == null) {
        return until > 0 && ended.get().isEmpty();
      }
      return last.runs() < until
          && !covered(Exploration.of(titles(), title, last.runs())).exhausted()
          && !last.verdict().isTrouble()
          && !(untilFound && titles().containsKey(title.text()))
          && ended.get().isEmpty();
    }

    private SortedMap<String, Long> titles() {
      SortedMap<String, Long> titles = new TreeMap<>();
      for (Outcome outcome : last.seen()) {
        outcome.title().ifPresent(t -> titles.merge(t.text(), outcome.runs(), Long::sum));
      }
      return titles;
    }

    /**
     * What others could have done in a run with a checkpoint is not seen from outside its stage.
     */
    private Exploration covered(Exploration seen) {
      boolean staged =
          around.events().stream().anyMatch(e -> e.action().type() == ActionType.CHECKPOINT);
      return staged ? seen : seen.within(last.complete(), last.covered(), last.exhausted());
    }

    private Exploration.Facts facts() {
      SortedMap<String, Long> failed = new TreeMap<>();
      SortedMap<String, Long> all = new TreeMap<>();
      List<DescribedFact> facts = executor.target().facts();
      for (Outcome outcome : last.seen()) {
        for (int i = 0; i < facts.size(); i++) {
          long times = outcome.facts().get(i);
          all.merge(facts.get(i).id(), times, Long::sum);
          if (outcome.title().equals(Optional.of(title))) {
            failed.merge(facts.get(i).id(), times, Long::sum);
          }
        }
      }
      return new Exploration.Facts(failed, all);
    }

    private Exploration exploration() {
      if (last == null) {
        return Exploration.none(ended.get().orElse(""));
      }
      Exploration seen = covered(Exploration.of(titles(), title, last.runs())).knowing(facts());
      if (seen.failed() > 0) {
        return seen;
      }
      if (last.verdict().isTrouble()) {
        return seen.troubled(last.verdict().text());
      }
      return last.exhausted() ? seen : ended.get().map(seen::troubled).orElse(seen);
    }
  }
}
