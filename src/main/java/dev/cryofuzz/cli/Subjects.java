package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.report.Subject;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What targets say of themselves, for reports. */
final class Subjects {
  private static final Map<String, String> OTHER_EXPORTS =
      Map.of("compel", "a driver of libcompel in C", "criu", "a shell script that calls criu");

  private Subjects() {}

  /**
   * @param traced the run with that finding
   */
  static Subject of(Scenario scenario, Executor executor, TracedRun traced, Finding finding) {
    TargetDescription target = executor.target();
    Variant variant = target.variant(scenario.variant());
    SortedMap<String, String> params = new TreeMap<>();
    target
        .brief(scenario)
        .params()
        .forEach((name, value) -> params.put(name + "=" + value, target.param(name).what()));
    return new Subject(
        target.summary(),
        variant.what(),
        variant.expect().equals(Optional.of(finding.title().text())),
        params,
        export(scenario, executor, traced, finding));
  }

  private static Optional<String> export(
      Scenario scenario, Executor executor, TracedRun traced, Finding finding) {
    if (traced.run().verdict().found().filter(finding::equals).isEmpty()) {
      return Optional.empty();
    }
    try {
      Exported.of(scenario, executor, traced, finding);
      return Optional.of(OTHER_EXPORTS.getOrDefault(scenario.target(), "one C file"));
    } catch (UsageError | HarnessException none) {
      return Optional.empty(); // the report is worth having without it
    }
  }
}
