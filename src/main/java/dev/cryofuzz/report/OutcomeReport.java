package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cryofuzz.scenario.Scenario;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What can come of a scenario. That something never comes is said only where every run was made.
 *
 * @param runs that were made, those of the search itself included
 * @param others runs that ended in more ways than are told apart
 * @param impossible runs that are left out: only a broken address dependency could be so
 * @param events all runs with at most so many more events were made
 * @param covered so many
 * @param exhausted there are no other runs
 */
public record OutcomeReport(
    Scenario scenario,
    List<Row> rows,
    long runs,
    long others,
    int impossible,
    int events,
    long covered,
    boolean exhausted) {
  /**
   * An outcome.
   *
   * @param runs 0: it is known to the target, and did not come
   * @param what a line of the target's on it
   * @param title of the finding that it is
   * @param file the scenario that brings it again
   */
  public record Row(
      String outcome,
      long runs,
      String grade,
      Optional<String> what,
      Optional<String> title,
      Optional<String> file) {}

  public OutcomeReport {
    rows = List.copyOf(rows);
  }

  public String text() {
    Table table = new Table("outcome", "runs", "grade", "what", "scenario");
    for (Row row : rows) {
      table.row(
          row.outcome(),
          row.runs() > 0 ? count(row.runs()) : exhausted ? "never" : "not seen",
          row.grade(),
          row.what().or(row::title).orElse(""),
          row.file().orElse(""));
    }
    return String.join(" ", scenario.target(), scenario.variant())
        + ", memory "
        + scenario.memory().text()
        + "\n\n"
        + table.text()
        + "\n"
        + sentence();
  }

  private String sentence() {
    String made =
        "all "
            + count(covered)
            + " runs with at most "
            + Sentences.count(events, "event")
            + kinds();
    return made
        + (exhausted
            ? "; there are no others"
            : ", and a part of those with more: "
                + count(runs)
                + " runs together; what is not seen may come all the same")
        + (others == 0 ? "" : "; " + count(others) + " runs had yet other outcomes")
        + (impossible == 0
            ? ""
            : "; " + count(impossible) + " that address dependencies forbid are left out");
  }

  private String kinds() {
    return switch (scenario.memory()) {
      case SC -> " (switches)";
      case X86 -> " (switches, held stores)";
      case WEAK -> " (switches, held stores, stale loads)";
      case WEAK_EARLY -> " (switches, held stores, stale loads, early stores)";
    };
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("target", scenario.target());
    root.put("variant", scenario.variant());
    root.put("memory", scenario.memory().text());
    ObjectNode params = root.putObject("params");
    scenario.params().forEach(params::put);
    ArrayNode list = root.putArray("outcomes");
    rows.forEach(row -> list.add(json(row)));
    root.put("runs", runs);
    root.put("runsOfOtherOutcomes", others);
    root.put("runsForbiddenByDependencies", impossible);
    root.put("completeUpToEvents", events);
    root.put("completeRuns", covered);
    root.put("exhausted", exhausted);
    return root.toPrettyString();
  }

  private static ObjectNode json(Row row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("outcome", row.outcome());
    node.put("runs", row.runs());
    node.put("grade", row.grade());
    row.what().ifPresent(what -> node.put("what", what));
    row.title().ifPresent(title -> node.put("finding", title));
    row.file().ifPresent(file -> node.put("scenario", file));
    return node;
  }
}
