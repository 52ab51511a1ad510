package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.Slug;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.Outcome;
import dev.cryofuzz.executor.Outcomes;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.report.OutcomeReport;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.target.DescribedOutcome;
import dev.cryofuzz.target.Grade;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Brings each outcome again, in fresh processes, saves the scenario that does, and grades it. What
 * the variant says must be found is expected; what else is a finding is forbidden.
 */
final class SeenOutcomes {
  private static final String EXPECTED = "expected";

  private final Executor executor;
  private final TargetDescription target;
  private final Scenario scenario;
  private final Folder folder;
  private final Path shownAs;
  private boolean failed;

  SeenOutcomes(Executor executor, Scenario scenario, Folder out, Path shownAs)
      throws UnwritableFolder {
    this.executor = executor;
    this.target = executor.target();
    this.scenario = scenario;
    String name = String.join("-", scenario.target(), scenario.variant(), scenario.memory().text());
    this.folder = out.sub(name);
    this.shownAs = shownAs.resolve(name);
  }

  /** Whether any of them is a finding. */
  boolean failed() {
    return failed;
  }

  OutcomeReport report(Outcomes outcomes) throws UnwritableFolder {
    List<OutcomeReport.Row> rows = new ArrayList<>();
    List<Outcome> sorted =
        outcomes.seen().stream()
            .sorted(
                Comparator.comparing(Outcome::text)
                    .thenComparing(o -> o.scenario().events().size()))
            .toList();
    for (Outcome outcome : sorted) {
      rows.add(row(rows.size() + 1, outcome));
    }
    unseen(outcomes).forEach(rows::add);
    return new OutcomeReport(
        scenario,
        rows,
        outcomes.runs(),
        outcomes.others(),
        outcomes.impossible(),
        outcomes.complete() - 1,
        outcomes.covered(),
        outcomes.exhausted());
  }

  private OutcomeReport.Row row(int number, Outcome outcome) throws UnwritableFolder {
    Run run = executor.run(outcome.scenario(), RunMode.FRESH);
    Optional<String> title = run.verdict().title().map(Object::toString);
    if (run.broken()
        || title.isPresent() != outcome.failed()
        || !executor.outcome().equals(outcome.text())) {
      throw new HarnessException(
          "divergence: an outcome is another one in fresh processes: '"
              + outcome.text()
              + "' and '"
              + executor.outcome()
              + "', "
              + run.verdict());
    }
    failed |= outcome.failed();
    String shown = shown(outcome, title);
    Scenario pinned = target.sign(run.pinned(outcome.scenario()));
    String file = String.format("%02d-%s.json", number, Slug.of(shown));
    folder.write(file, ScenarioJson.bytes(title.map(pinned::withExpect).orElse(pinned)));
    return new OutcomeReport.Row(
        shown,
        outcome.runs(),
        grade(outcome, title),
        described(outcome).map(DescribedOutcome::what),
        title,
        Optional.of(shownAs.resolve(file).toString()));
  }

  /** What a target did not record is still told apart by its finding. */
  private static String shown(Outcome outcome, Optional<String> title) {
    return outcome.text().isEmpty() ? title.orElse("passes") : outcome.text();
  }

  private Optional<DescribedOutcome> described(Outcome outcome) {
    return outcome.listed() == 0
        ? Optional.empty()
        : Optional.of(target.outcomes().get(outcome.listed() - 1));
  }

  private String grade(Outcome outcome, Optional<String> title) {
    Variant variant = target.variant(scenario.variant());
    if (title.isPresent()) {
      boolean planted = title.equals(variant.expectUnder(scenario.memory()));
      return planted ? EXPECTED : Grade.FORBIDDEN.text();
    }
    return described(outcome).map(DescribedOutcome::grade).orElse(Grade.ACCEPTABLE).text();
  }

  /** That the target knows of and that did not come. */
  private List<OutcomeReport.Row> unseen(Outcomes outcomes) {
    List<OutcomeReport.Row> rows = new ArrayList<>();
    for (int i = 0; i < target.outcomes().size(); i++) {
      int listed = i + 1;
      DescribedOutcome known = target.outcomes().get(i);
      if (known.isOf(scenario.variant())
          && outcomes.seen().stream().noneMatch(seen -> seen.listed() == listed)) {
        rows.add(
            new OutcomeReport.Row(
                known.text(),
                0,
                known.grade().text(),
                Optional.of(known.what()),
                Optional.empty(),
                Optional.empty()));
      }
    }
    return rows;
  }
}
