package dev.cryofuzz.report;

import dev.cryofuzz.scenario.ScenarioJson;
import dev.cryofuzz.trace.Timeline;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a finding's folder, name to text. The same report gives the same bytes. */
public final class FindingFiles {
  public static final String README = "README.md";
  public static final String SCENARIO = "scenario.json";
  public static final String ORIGINAL = "original.json";
  public static final String FINDING = "finding.json";
  public static final String TIMELINE = "timeline.txt";
  public static final String TIMELINE_PAGE = "timeline.html";
  public static final String PERFETTO = "trace.perfetto.json";
  public static final String EXPLANATION = "explanation.txt";
  public static final String EVIDENCE = "evidence.txt";
  public static final String ENVIRONMENT = "environment.txt";
  public static final String KERNEL_LOG = "kernel-log.txt";
  public static final String SCHEDULING = "scheduling.txt";
  public static final String RUN = "run.sh";

  private FindingFiles() {}

  public static SortedMap<String, String> of(FindingReport report) {
    return of(report, "");
  }

  /**
   * @param explanation why it fails, "" if nobody has tried to find out
   */
  public static SortedMap<String, String> of(FindingReport report, String explanation) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put(README, IssueBody.of(report, explanation));
    if (!explanation.isEmpty()) {
      files.put(EXPLANATION, Printable.lines(explanation));
    }
    files.put(SCENARIO, ScenarioJson.write(report.scenario()));
    files.put(ORIGINAL, ScenarioJson.write(report.original()));
    files.put(FINDING, FindingJson.of(report));
    files.put(TIMELINE, timeline(report));
    files.put(TIMELINE_PAGE, TimelineHtml.of(report));
    files.put(PERFETTO, PerfettoJson.of(report));
    if (!report.evidence().isEmpty()) {
      files.put(EVIDENCE, Printable.lines(report.evidence()));
    }
    if (!report.kernelLog().isEmpty()) {
      files.put(KERNEL_LOG, Printable.lines(report.kernelLog()));
    }
    report.scheduling().ifPresent(it -> files.put(SCHEDULING, SchedulingTable.of(it)));
    files.put(ENVIRONMENT, environment(report.environment()));
    files.put(RUN, RunScript.of(report.scenario()));
    return files;
  }

  private static String timeline(FindingReport report) {
    return Sentences.of(report.scenario())
        + "\n"
        + Printable.line(report.finding().toString())
        + "\ntrace "
        + report.trace().hashText()
        + "\n\n"
        + Timeline.render(report.trace(), report.scenario());
  }

  private static String environment(Map<String, String> facts) {
    StringBuilder out = new StringBuilder();
    facts.forEach((name, value) -> out.append(fact(name, value)));
    return out.toString();
  }

  /** What a program has said in many lines stands below its name. */
  private static String fact(String name, String value) {
    return value.contains("\n")
        ? name + ":\n" + Printable.lines(value).indent(2)
        : name + ": " + Printable.line(value) + "\n";
  }
}
