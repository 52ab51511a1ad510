package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Anchor;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of running a scenario once.
 *
 * @param hash of all steps and the outcome: the same for the same run
 * @param points of all actors
 * @param unseen writes that no hook announced, but the next hook noticed
 * @param steps of the trace
 * @param fired one for each event of the scenario, in its order
 * @param ends one for each actor, in the order of their declaration; empty if the run passed
 * @param raisedBy the actor that raised the violation, if one did
 * @param unannounced of an audit: the places of unannounced accesses
 */
public record Run(
    Verdict verdict,
    long hash,
    int points,
    int switches,
    int commits,
    int unseen,
    long steps,
    List<Fired> fired,
    List<EndState> ends,
    Optional<String> raisedBy,
    List<String> unannounced) {
  public Run {
    fired = List.copyOf(fired);
    ends = List.copyOf(ends);
    unannounced = List.copyOf(unannounced);
  }

  /** A run of which nothing else is known. */
  public static Run of(Verdict verdict) {
    return new Run(verdict, 0, 0, 0, 0, 0, 0, List.of(), List.of(), Optional.empty(), List.of());
  }

  static Run broken(String reason) {
    return of(new Verdict.Broken(reason));
  }

  public boolean passed() {
    return verdict instanceof Verdict.Pass;
  }

  public boolean broken() {
    return verdict instanceof Verdict.Broken;
  }

  public boolean failedAs(Title title) {
    return verdict.title().equals(Optional.of(title));
  }

  /** The scenario with each event that took effect pinned to where it did. */
  public Scenario pinned(Scenario scenario) {
    return effective(scenario).withMoreEvents(scenarioEvents(scenario, false));
  }

  /** As {@link #pinned}, without the events that changed nothing. */
  public Scenario effective(Scenario scenario) {
    return scenario.withEvents(List.of()).withMoreEvents(scenarioEvents(scenario, true));
  }

  private List<Event> scenarioEvents(Scenario scenario, boolean fired) {
    List<Event> chosen = new ArrayList<>();
    for (int i = 0; i < scenario.events().size(); i++) {
      if (fateOf(i).fired() == fired) {
        chosen.add(fired ? pinned(scenario.events().get(i), fateOf(i)) : scenario.events().get(i));
      }
    }
    return chosen;
  }

  private Fired fateOf(int event) {
    return event < fired.size() ? fired.get(event) : Fired.UNREACHED;
  }

  private static Event pinned(Event event, Fired fired) {
    Anchor moved = Anchor.at(event.at().actor(), fired.point());
    Anchor at = fired.site().isEmpty() ? moved : moved.withSite(fired.site(), fired.nth());
    Action action = event.action();
    if (action instanceof Action.Ahead ahead) {
      int later = ahead.later() - event.at().point() + at.point();
      action = ahead.withLater(Math.min(later, Anchor.MAX_POINT));
    }
    return new Event(at, action);
  }
}
