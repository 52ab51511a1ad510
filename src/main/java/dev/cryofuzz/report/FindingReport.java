package dev.cryofuzz.report;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Scheduling;
import dev.cryofuzz.trace.Trace;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is known of a finding once it is confirmed and minimized.
 *
 * @param subject what it is about
 * @param scenario the minimized one, with anchors and the expected title
 * @param original the one that failed first
 * @param minimizing what it took to make it small; empty if that was not tried
 * @param confirmed how often the minimized one failed in fresh processes
 * @param oneHash whether each of these runs had the same trace
 * @param control the same run without what is thought to be its cause; none of a default run
 * @param trace of the minimized one
 * @param passing to lay beside it; none if that is not known to pass
 * @param sources places in the target's source to their lines, as far as they were found
 * @param evidence what the target attached to that run: stacks, logs; "" if nothing
 * @param kernelLog what the kernel logged meanwhile, or why that is not known; "" if nothing
 * @param scheduling what the kernel's scheduler did to the actors in that run; empty if they were
 *     no processes of ours
 * @param discovered empty when a single scenario was minimized, without a campaign
 * @param environment what the machine and the tool were, name to value
 */
public record FindingReport(
    Finding finding,
    Subject subject,
    Scenario scenario,
    Scenario original,
    Optional<Minimizing> minimizing,
    Rate confirmed,
    boolean oneHash,
    Optional<Control> control,
    Trace trace,
    Optional<PassingRun> passing,
    SortedMap<String, String> sources,
    String evidence,
    String kernelLog,
    Optional<Scheduling> scheduling,
    Optional<Discovery> discovered,
    SortedMap<String, String> environment) {
  public FindingReport {
    sources = new TreeMap<>(sources);
    environment = new TreeMap<>(environment);
  }

  public Title title() {
    return finding.title();
  }
}
