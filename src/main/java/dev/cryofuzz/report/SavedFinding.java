package dev.cryofuzz.report;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import java.util.Optional;

/**
 * A finding as it lies in its folder: all that reports of a campaign say, without its trace.
 *
 * @param folder its name, below the campaign's
 * @param place where the run failed, if that is known
 * @param scenario the minimized one
 * @param originalEvents how many the first failing run had
 * @param minimizing what it took to make it small; empty if that was not tried
 * @param hash of the trace of the minimized one
 */
public record SavedFinding(
    String folder,
    Finding finding,
    Optional<Place> place,
    Scenario scenario,
    int originalEvents,
    Optional<Minimizing> minimizing,
    Rate confirmed,
    String hash,
    boolean oneHash,
    Optional<Control> control,
    Optional<Discovery> discovered) {

  static SavedFinding of(FindingReport report, String folder) {
    return new SavedFinding(
        folder,
        report.finding(),
        Place.of(report.trace(), report.scenario()),
        report.scenario(),
        report.original().events().size(),
        report.minimizing(),
        report.confirmed(),
        report.trace().hashText(),
        report.oneHash(),
        report.control(),
        report.discovered());
  }

  public Title title() {
    return finding.title();
  }

  /** Whether it came and went when it was made again. */
  public boolean flaky() {
    return confirmed.failed() < confirmed.runs();
  }

  /** As in "failed 10/10, 0/10 without the events". */
  String rates() {
    return "failed " + confirmed.text() + control.map(other -> ", " + other.text()).orElse("");
  }

  String replayCommand() {
    return FindingText.replayCommand(scenario, folder);
  }
}
