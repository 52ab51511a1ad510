package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Confirm;
import dev.cryofuzz.executor.Confirmation;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.report.Control;
import dev.cryofuzz.report.Discovery;
import dev.cryofuzz.report.FindingReport;
import dev.cryofuzz.report.PassingRun;
import dev.cryofuzz.report.Rate;
import dev.cryofuzz.report.SavedFinding;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.KernelLog;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** From a scenario that failed once to all that a report says: confirm, minimize, trace. */
final class Triage {
  private final Executor executor;
  private final SortedMap<String, String> environment;
  private final BooleanSupplier hurry;
  private final Sources sources = new Sources(Facts.home());

  /**
   * @param hurry once true, what has been minimized so far is good enough
   */
  Triage(Executor executor, SortedMap<String, String> environment, BooleanSupplier hurry) {
    this.executor = executor;
    this.environment = environment;
    this.hurry = hurry;
  }

  /**
   * @param seen what was found the first time
   */
  FindingReport report(Scenario original, Finding seen, Optional<Discovery> discovery) {
    Title title = seen.title();
    Confirmation first = Confirm.confirm(executor, original, title);
    Shrunk shrunk =
        first.failed() == 0
            ? new Shrunk(original, Optional.empty())
            : Shrunk.from(original, title, first, executor, hurry);
    Scenario scenario = shrunk.scenario();
    Confirmation last = Confirm.confirm(executor, scenario, title);
    SortedMap<String, String> facts = new TreeMap<>(environment);
    StringBuilder kernelLog = new StringBuilder();
    TracedRun traced = traced(scenario, title, kernelLog, facts);
    Finding finding =
        traced.run().verdict().found().filter(same -> same.title().equals(title)).orElse(seen);
    Optional<Control.Plan> plan = plan(scenario);
    Optional<PassingRun> passing = plan.flatMap(this::passing);
    return new FindingReport(
        finding,
        Subjects.of(signed(scenario, title), executor, traced, finding),
        signed(scenario, title),
        signed(original, title),
        shrunk.minimizing(),
        new Rate(last.failed(), last.runs()),
        last.oneHash(),
        plan.map(other -> control(other, title)),
        traced.trace(),
        passing,
        sources.lines(scenario, traces(traced, passing)),
        traced.evidence(),
        kernelLog.toString(),
        traced.scheduling(),
        discovery,
        facts);
  }

  /** What is known of a saved finding, with the runs of today: for pictures of them. */
  FindingReport again(SavedFinding saved, TracedRun traced) {
    Optional<PassingRun> passing = plan(saved.scenario()).flatMap(this::passing);
    return new FindingReport(
        saved.finding(),
        Subjects.of(saved.scenario(), executor, traced, saved.finding()),
        saved.scenario(),
        saved.scenario(),
        saved.minimizing(),
        saved.confirmed(),
        saved.oneHash(),
        saved.control(),
        traced.trace(),
        passing,
        sources.lines(saved.scenario(), traces(traced, passing)),
        traced.evidence(),
        "",
        traced.scheduling(),
        saved.discovered(),
        environment);
  }

  /** The same, and what the kernel had to say meanwhile. */
  private TracedRun traced(
      Scenario scenario, Title title, StringBuilder kernelLog, Map<String, String> facts) {
    try (KernelLog log = KernelLog.fromNow()) {
      TracedRun traced = traced(scenario, title);
      List<String> lines = log.lines();
      lines.forEach(line -> kernelLog.append(line).append('\n'));
      facts.put(
          "kernel log",
          log.refusal()
              .map(reason -> "can't be read: " + reason)
              .orElse(lines.isEmpty() ? "nothing during the run" : lines.size() + " lines"));
      return traced;
    }
  }

  /** A failing run if one comes soon. */
  private TracedRun traced(Scenario scenario, Title title) {
    RunMode mode = RunMode.FRESH.withScheduling();
    TracedRun traced = executor.runTraced(scenario, mode);
    for (int i = 1; i < Confirm.TIMES && !traced.run().failedAs(title); i++) {
      traced = executor.runTraced(scenario, mode);
    }
    return traced;
  }

  private Optional<Control.Plan> plan(Scenario scenario) {
    Map<String, Integer> defaults =
        executor.target().shape(scenario.variant(), scenario.memory()).complete(Map.of());
    return Control.plan(scenario, defaults);
  }

  /** That it passes without them shows that the events are the cause. */
  private Control control(Control.Plan plan, Title title) {
    Confirmation control = Confirm.confirm(executor, plan.scenario(), title);
    return new Control(plan.without(), new Rate(control.failed(), control.runs()));
  }

  private Optional<PassingRun> passing(Control.Plan plan) {
    TracedRun traced = executor.runTraced(plan.scenario(), RunMode.FRESH);
    return traced.run().passed()
        ? Optional.of(new PassingRun(plan.without(), plan.scenario(), traced.trace()))
        : Optional.empty();
  }

  private static List<Trace> traces(TracedRun failing, Optional<PassingRun> passing) {
    List<Trace> traces = new ArrayList<>(List.of(failing.trace()));
    passing.map(PassingRun::trace).ifPresent(traces::add);
    return traces;
  }

  private Scenario signed(Scenario scenario, Title title) {
    TargetDescription target = executor.target();
    return target.sign(target.brief(scenario).withExpect(title.text()));
  }
}
