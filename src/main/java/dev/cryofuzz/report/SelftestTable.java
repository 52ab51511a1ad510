package dev.cryofuzz.report;

import java.util.List;
import java.util.Locale;

/**
 * What selftest prints: one line per variant, then what failed once more, with the scenario of each
 * title that nobody expected, since its campaign's folder is gone by then.
 */
public final class SelftestTable {
  private SelftestTable() {}

  public static String of(List<Trial> trials) {
    Table table = new Table("target", "variant", "memory", "found", "runs", "time", "result");
    for (Trial trial : trials) {
      table.row(
          trial.target(),
          trial.variant(),
          trial.memory(),
          trial.found().orElse("-"),
          String.format(Locale.ROOT, "%,d", trial.runs()),
          String.format(Locale.ROOT, "%.1f s", trial.milliseconds() / 1000.0),
          trial.result());
    }
    return table.text();
  }

  /** The last words, of all trials together. */
  public static String verdict(List<Trial> trials) {
    StringBuilder out = new StringBuilder();
    List<Trial> failed = trials.stream().filter(trial -> !trial.passed()).toList();
    for (Trial trial : failed) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s %s under %s: %s, found %s%n",
              trial.target(),
              trial.variant(),
              trial.memory(),
              trial.result(),
              trial.found().orElse("nothing")));
      trial.reproducer().ifPresent(out::append);
    }
    return out.append(
            String.format(
                Locale.ROOT,
                "%d of %d as they should be%n",
                trials.size() - failed.size(),
                trials.size()))
        .toString();
  }
}
