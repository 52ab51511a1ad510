package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.target.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tries one hypothesis after the other. First the same exploration has to find the failure without
 * any intervention, often enough: only then it means something if with one it doesn't.
 */
public final class Explainer {
  /** Failures of the baseline that are enough. */
  private static final int OFTEN = 30;

  private static final long FEWEST = 2_000;

  private final Explorer explorer;
  private final long most;
  private final Consumer<Intervention> progress;

  /**
   * @param most runs of one experiment
   * @param progress is told of each intervention before it is tried
   */
  public Explainer(Explorer explorer, long most, Consumer<Intervention> progress) {
    this.explorer = explorer;
    this.most = most;
    this.progress = progress;
  }

  public Explanation explain(Scenario scenario, Title title, Shape shape) {
    return explain(scenario, title, shape, List.of());
  }

  /**
   * @param loads that the target must stand once it is cured
   */
  public Explanation explain(Scenario scenario, Title title, Shape shape, List<Load> loads) {
    List<Intervention> interventions = new Interventions(scenario, shape).all();
    explorer.share(1 + interventions.size() / 2);
    Exploration baseline = baseline(scenario, title);
    Trials trials = new Trials(scenario, title, baseline);
    trials.all(interventions);
    List<Judged> cures = trials.cures();
    return new Explanation(
        scenario,
        title,
        baseline,
        trials.judged,
        cures,
        trials.tried,
        cures.isEmpty()
            ? List.of()
            : loads.stream().map(load -> stand(load, scenario, title, cures.get(0))).toList());
  }

  private Stood stand(Load load, Scenario scenario, Title title, Judged cure) {
    progress.accept(cure.intervention());
    Scenario loaded = scenario.withEvents(List.of()).withParams(load.params());
    long runs = Math.max(FEWEST, most / 4);
    return new Stood(load, explorer.explore(cure.intervention().on(loaded), title, runs));
  }

  private Exploration baseline(Scenario scenario, Title title) {
    long runs = Math.min(FEWEST, most);
    Exploration seen = explorer.explore(Experiment.of(scenario), title, runs);
    while (seen.failed() < OFTEN && !seen.exhausted() && runs < most && seen.trouble().isEmpty()) {
      runs = Math.min(4 * runs, most);
      seen = explorer.explore(Experiment.of(scenario), title, runs);
    }
    return seen;
  }

  private final class Trials {
    private final Scenario scenario;
    private final Title title;
    private final Exploration baseline;
    private final List<Judged> judged = new ArrayList<>();
    private List<Judged> tried = List.of();

    Trials(Scenario scenario, Title title, Exploration baseline) {
      this.scenario = scenario;
      this.title = title;
      this.baseline = baseline;
    }

    void all(List<Intervention> interventions) {
      for (int i = 0; i < interventions.size(); i++) {
        explorer.share(interventions.size() - i);
        judged.add(judge(interventions.get(i), 1));
      }
    }

    /** No order cures what fails under sequential memory; no rest what fails without a switch. */
    List<Judged> cures() {
      if (baseline.failed() == 0) {
        return List.of();
      }
      Cures cures = new Cures(each -> judge(each, 1), each -> judge(each, 2));
      List<Judged> found = List.of();
      List<Place> places = explorer.places(Experiment.of(scenario), title);
      if (isReordered() || title.kind() == Kind.DATA_RACE) {
        found = cures.ofOrders(places);
      } else if (needsSwitch()) {
        found = cures.ofSections(places);
      }
      tried = cures.tried();
      return found;
    }

    private boolean isReordered() {
      return judged.stream()
          .anyMatch(each -> each.isCause() && each.intervention() instanceof Intervention.Stronger);
    }

    private boolean needsSwitch() {
      return judged.stream()
          .anyMatch(
              each ->
                  each.isCause()
                      && each.intervention() instanceof Intervention.Without no
                      && no.types().contains(ActionType.SWITCH));
    }

    private Judged judge(Intervention intervention, int times) {
      progress.accept(intervention);
      Experiment experiment = intervention.on(scenario);
      long runs = explorer.enough(baseline, Math.max(Math.min(FEWEST, most), baseline.runs()));
      Exploration seen = explorer.seek(experiment, title, times * runs);
      return Judged.of(intervention, seen, baseline, explorer.risk());
    }
  }
}
