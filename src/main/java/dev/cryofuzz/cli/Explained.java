package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Run;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.target.TargetDescription;
import java.util.List;
import java.util.Optional;

/**
 * An explanation, and what else tells why.
 *
 * @param run of the scenario
 * @param beside the run that passes; none where all is a question of schedules
 * @param needless events of the scenario that were left out, since it fails without them
 */
record Explained(
    Explanation explanation,
    TargetDescription target,
    Run run,
    Optional<Beside> beside,
    List<Event> needless) {
  Explained with(List<Event> others) {
    return new Explained(explanation, target, run, beside, others);
  }

  String text() {
    StringBuilder out = new StringBuilder(ExplanationText.of(explanation, target.facts()));
    needless.forEach(
        event -> out.append("\nit fails without this, too: ").append(Sentences.of(event)));
    out.append(needless.isEmpty() ? "" : "\n");
    List<String> needs = needs();
    if (beside.isPresent() && !needs.isEmpty()) {
      out.append("\nit takes\n");
      needs.forEach(need -> out.append("  ").append(need).append('\n'));
    }
    beside.ifPresent(run -> out.append('\n').append(run.text()));
    return out.toString();
  }

  String json() {
    return ExplanationJson.of(this);
  }

  List<String> needs() {
    return new Needs(explanation, target, beside.map(Beside::failing)).texts();
  }
}
