package dev.cryofuzz.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A campaign as JUnit's XML, which every forge reads: a suite for each target, a test for each of
 * its jobs. A job with findings is one test for each of them, failed; what is our own fault is an
 * error, what could not run is skipped.
 */
public final class JUnitXml {
  private final StringBuilder out = new StringBuilder();

  private JUnitXml() {}

  public static String of(Results results) {
    JUnitXml xml = new JUnitXml();
    xml.suites(results);
    return xml.out.toString();
  }

  /** How a test ends: the name of the element that says so, "" if it passed. */
  private record Test(
      String variant,
      String name,
      long milliseconds,
      String element,
      String type,
      String message,
      String text) {
    static Test of(SavedFinding finding) {
      String prefix = finding.flaky() ? "flaky, failed " + finding.confirmed().text() + ": " : "";
      return new Test(
          finding.scenario().variant(),
          finding.scenario().memory().text() + ": " + finding.title().text(),
          finding.discovered().map(Discovery::milliseconds).orElse(0L),
          "failure",
          finding.title().kind().text(),
          prefix + finding.finding(),
          text(finding));
    }

    static Test of(JobResult job) {
      String element = job.skipped().map(reason -> "skipped").orElse("");
      String message = job.skipped().orElse("");
      if (job.ending() == JobResult.Ending.BROKEN) {
        element = "error";
        message = job.reason();
      }
      return new Test(
          job.variant(),
          job.memory(),
          job.milliseconds(),
          element,
          job.ending().text(),
          message,
          "");
    }

    private static String text(SavedFinding finding) {
      StringBuilder text = new StringBuilder(Sentences.of(finding.scenario())).append('\n');
      finding.place().ifPresent(place -> text.append("at ").append(place.text()).append('\n'));
      finding.scenario().events().forEach(e -> text.append(Sentences.of(e)).append('\n'));
      return text.append(finding.rates())
          .append('\n')
          .append(finding.replayCommand())
          .append('\n')
          .toString();
    }
  }

  private void suites(Results results) {
    List<Suite> suites = results.targets().stream().map(name -> suite(results, name)).toList();
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    attribute("name", "cryofuzz");
    attribute("tests", suites.stream().mapToLong(suite -> suite.tests().size()).sum());
    attribute("failures", suites.stream().mapToLong(suite -> suite.count("failure")).sum());
    attribute("errors", suites.stream().mapToLong(suite -> suite.count("error")).sum());
    attribute("time", seconds(results.campaign().map(CampaignResult::milliseconds).orElse(0L)));
    out.append(">\n");
    suites.forEach(suite -> add(results, suite));
    out.append("</testsuites>\n");
  }

  private record Suite(String target, List<Test> tests, long milliseconds) {
    long count(String element) {
      return tests.stream().filter(test -> test.element().equals(element)).count();
    }
  }

  private static Suite suite(Results results, String target) {
    List<Test> tests = new ArrayList<>();
    List<JobResult> jobs =
        results.jobs().stream().filter(job -> job.target().equals(target)).toList();
    results.findings().stream()
        .filter(finding -> finding.scenario().target().equals(target))
        .map(Test::of)
        .forEach(tests::add);
    jobs.stream().filter(job -> says(results, job)).map(Test::of).forEach(tests::add);
    return new Suite(target, tests, jobs.stream().mapToLong(JobResult::milliseconds).sum());
  }

  /** A job that ran and found something has said all by its findings. */
  private static boolean says(Results results, JobResult job) {
    boolean ran = job.ending() == JobResult.Ending.RAN || job.ending() == JobResult.Ending.FAILED;
    return !ran || results.findings().stream().noneMatch(job::isOf);
  }

  private void add(Results results, Suite suite) {
    out.append("  <testsuite");
    attribute("name", suite.target());
    attribute("tests", suite.tests().size());
    attribute("failures", suite.count("failure"));
    attribute("errors", suite.count("error"));
    attribute("skipped", suite.count("skipped"));
    attribute("time", seconds(suite.milliseconds()));
    out.append(">\n");
    results.campaign().flatMap(CampaignResult::seed).ifPresent(this::seed);
    suite.tests().forEach(test -> add(suite.target(), test));
    out.append("  </testsuite>\n");
  }

  private void seed(long seed) {
    out.append("    <properties><property");
    attribute("name", "seed");
    attribute("value", seed);
    out.append("/></properties>\n");
  }

  private void add(String target, Test test) {
    out.append("    <testcase");
    attribute("classname", target + "." + test.variant());
    attribute("name", test.name());
    attribute("time", seconds(test.milliseconds()));
    if (test.element().isEmpty()) {
      out.append("/>\n");
      return;
    }
    out.append(">\n      <").append(test.element());
    attribute("type", test.type());
    attribute("message", test.message());
    out.append('>').append(escaped(Printable.lines(test.text())));
    out.append("</").append(test.element()).append(">\n    </testcase>\n");
  }

  private void attribute(String name, Object value) {
    String text = escaped(Printable.line(String.valueOf(value)));
    out.append(' ').append(name).append("=\"").append(text).append('"');
  }

  /** What XML can't have at all, controls and halves of characters, is escaped by Printable. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String seconds(long milliseconds) {
    return String.format(Locale.ROOT, "%d.%03d", milliseconds / 1000, milliseconds % 1000);
  }
}
