package dev.cryofuzz.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Rows with one filled cell each, set in columns; what does not fit goes on below. */
final class Columns {
  private static final String GAP = " | ";
  private static final int NARROWEST = 14;

  private record Row(int column, String text) {}

  private final List<String> heads;
  private final List<Row> rows = new ArrayList<>();

  Columns(List<String> heads) {
    this.heads = heads;
  }

  void add(int column, String text) {
    rows.add(new Row(column, text));
  }

  /** As wide as the texts are, but within the width unless columns would get unreadable. */
  String text(int width) {
    int[] widths = widths(width);
    StringBuilder out = new StringBuilder();
    appendLine(out, heads, widths);
    appendLine(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), widths);
    for (Row row : rows) {
      for (String part : Wrap.lines(row.text(), widths[row.column()])) {
        List<String> cells = new ArrayList<>(Collections.nCopies(heads.size(), ""));
        cells.set(row.column(), part);
        appendLine(out, cells, widths);
      }
    }
    return out.toString();
  }

  private int[] widths(int width) {
    int[] wanted = heads.stream().mapToInt(String::length).toArray();
    for (Row row : rows) {
      wanted[row.column()] = Math.max(wanted[row.column()], row.text().length());
    }
    int room = width - GAP.length() * (wanted.length - 1);
    int limit = Arrays.stream(wanted).max().orElse(0);
    while (limit > NARROWEST && sum(wanted, limit) > room) {
      limit--;
    }
    int most = limit;
    return Arrays.stream(wanted).map(natural -> Math.min(natural, most)).toArray();
  }

  private static int sum(int[] wanted, int limit) {
    return Arrays.stream(wanted).map(natural -> Math.min(natural, limit)).sum();
  }

  private static void appendLine(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : GAP).append(cells.get(i));
      line.append(" ".repeat(Math.max(0, widths[i] - cells.get(i).length())));
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
