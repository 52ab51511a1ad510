package dev.cryofuzz.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What freezing a process must keep, and which planted bugs break it: an item that none breaks is
 * one of which nobody knows whether its loss would be noticed.
 *
 * @param rows one for each item, in the order in which the targets tell them
 */
public record KeptTable(List<Row> rows) {
  /**
   * @param trials those of variants that break the item, with each seed
   */
  public record Row(String target, String item, List<Trial> trials) {
    public Row {
      trials = List.copyOf(trials);
    }

    public boolean isEmpty() {
      return trials.isEmpty();
    }

    private String brokenBy() {
      return isEmpty()
          ? "-"
          : trials.stream().map(Trial::variant).distinct().collect(Collectors.joining(", "));
    }

    private String result() {
      if (isEmpty()) {
        return "FAILED: no variant breaks it";
      }
      String missed =
          trials.stream()
              .filter(trial -> !trial.passed())
              .map(Trial::variant)
              .distinct()
              .collect(Collectors.joining(", "));
      return missed.isEmpty() ? "ok" : "FAILED: not caught: " + missed;
    }

    private String caught() {
      long caught = trials.stream().filter(Trial::passed).count();
      return String.format(Locale.ROOT, "%d/%d", caught, trials.size());
    }
  }

  public KeptTable {
    rows = List.copyOf(rows);
  }

  public static Row row(String target, String item, List<Trial> trials) {
    return new Row(
        target,
        item,
        trials.stream()
            .filter(trial -> trial.target().equals(target))
            .filter(trial -> trial.breaks().filter(item::equals).isPresent())
            .toList());
  }

  public String text() {
    Table table = new Table("target", "must keep", "caught", "result", "broken by");
    rows.forEach(
        row -> table.row(row.target(), row.item(), row.caught(), row.result(), row.brokenBy()));
    return table.text();
  }
}
