package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Run;
import dev.cryofuzz.explain.Explanation;
import dev.cryofuzz.target.TargetDescription;
import java.util.List;
import java.util.Optional;

/**
 * An explanation, and what else tells why.
 *
 * @param run of the scenario
 * @param beside the run that passes; none where all is a question of schedules
 */
record Explained(
    Explanation explanation, TargetDescription target, Run run, Optional<Beside> beside) {
  String text() {
    StringBuilder out = new StringBuilder(ExplanationText.of(explanation, target.facts()));
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
