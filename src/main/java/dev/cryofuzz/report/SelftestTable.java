package dev.cryofuzz.report;

import java.util.List;
import java.util.Locale;

/**
 * What selftest prints: one line per variant, then what failed once more, with the scenario of each
 * title that nobody expected, since the folder of its campaign is gone by then.
 */
public final class SelftestTable {
  private SelftestTable() {}

  public static String of(List<Trial> trials) {
    Table table =
        new Table("target", "variant", "memory", "found", "seed", "runs", "time", "result");
    for (Trial trial : trials) {
      table.row(
          trial.target(),
          trial.variant(),
          trial.memory(),
          trial.found().orElse("-"),
          trial.found().map(title -> trial.opening() ? "any" : "this one").orElse("-"),
          String.format(Locale.ROOT, "%,d", trial.runs()),
          String.format(Locale.ROOT, "%.1f s", trial.milliseconds() / 1000.0),
          trial.result());
    }
    return table.text();
  }

  /** The last words, of all trials together. */
  public static String verdict(List<Trial> trials) {
    StringBuilder out = new StringBuilder();
    trials.stream().filter(trial -> !trial.passed()).forEach(trial -> append(out, trial));
    trials.stream().filter(trial -> trial.once().isPresent()).forEach(trial -> append(out, trial));
    return out.append(
            String.format(
                Locale.ROOT,
                "%d of %d as they should be%n",
                trials.stream().filter(Trial::passed).count(),
                trials.size()))
        .toString();
  }

  private static void append(StringBuilder out, Trial trial) {
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
}
