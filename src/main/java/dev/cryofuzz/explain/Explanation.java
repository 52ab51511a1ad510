package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.Optional;

/**
 * Why a scenario fails.
 *
 * @param baseline what the same exploration finds without any intervention
 * @param judged all interventions, in the order in which they were tried
 * @param cures the smallest sets of sites that cure it
 * @param stood the target's loads, with the first of the cures
 * @param tried all sets of sites that were tried for that
 */
public record Explanation(
    Scenario scenario,
    Title title,
    Exploration baseline,
    List<Judged> judged,
    List<Judged> cures,
    List<Judged> tried,
    List<Stood> stood) {
  public Explanation {
    judged = List.copyOf(judged);
    cures = List.copyOf(cures);
    tried = List.copyOf(tried);
    stood = List.copyOf(stood);
  }

  /** All that the failure can't be had without, the sites apart. */
  public List<Judged> causes() {
    return judged.stream()
        .filter(each -> each.isCause() && !(each.intervention() instanceof Intervention.Control))
        .toList();
  }

  /** Why there are sets of sites that were not tried to the end, if there are. */
  public Optional<String> cutShort() {
    return tried.stream().flatMap(each -> each.seen().trouble().stream()).findFirst();
  }

  /** The strongest memory model that still fails; nothing if that is not decided. */
  public Optional<MemoryModel> strongest() {
    MemoryModel strongest = scenario.memory();
    for (Judged each : judged) {
      if (each.intervention() instanceof Intervention.Stronger to) {
        if (each.judgement() == Judgement.UNDECIDED) {
          return Optional.empty();
        }
        boolean fails = each.judgement() == Judgement.EXCLUDED;
        strongest = fails && to.model().compareTo(strongest) < 0 ? to.model() : strongest;
      }
    }
    return baseline.failed() == 0 ? Optional.empty() : Optional.of(strongest);
  }
}
