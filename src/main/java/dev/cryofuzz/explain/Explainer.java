package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
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
    Exploration baseline = baseline(scenario, title);
    Interventions interventions = new Interventions(scenario, shape);
    Trials trials = new Trials(scenario, title, baseline);
    trials.all(interventions.memory());
    trials.all(interventions.events());
    trials.all(interventions.params());
    return new Explanation(scenario, title, baseline, trials.judged, List.of());
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

    Trials(Scenario scenario, Title title, Exploration baseline) {
      this.scenario = scenario;
      this.title = title;
      this.baseline = baseline;
    }

    void all(List<Intervention> interventions) {
      interventions.forEach(each -> judged.add(judge(each)));
    }

    Judged judge(Intervention intervention) {
      progress.accept(intervention);
      Experiment experiment = intervention.on(scenario);
      return Judged.of(intervention, explorer.seek(experiment, title, baseline.runs()), baseline);
    }
  }
}
