package dev.cryofuzz.report;

import java.util.List;
import java.util.Locale;

/** The table that selftest prints: one line per variant. */
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
}
