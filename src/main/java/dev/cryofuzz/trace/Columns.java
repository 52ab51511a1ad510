package dev.cryofuzz.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Rows with one filled cell each, set in columns, and a note at the end of some. */
final class Columns {
  private static final String GAP = " | ";
  private static final int NARROWEST = 14;

  private record Row(int column, String text, String note) {}

  private final List<String> heads;
  private final List<Row> rows = new ArrayList<>();

  Columns(List<String> heads) {
    this.heads = heads;
  }

  void add(int column, String text, String note) {
    rows.add(new Row(column, text, note));
  }

  /**
   * As wide as the texts are; if that is wider than the width, the widest columns get narrower,
   * unless they would be unreadable, and what does not fit goes on below.
   */
  String text(int width) {
    int[] widths = widths(width);
    StringBuilder out = new StringBuilder();
    appendHeads(out, widths);
    appendLine(out, Arrays.stream(widths).mapToObj("-"::repeat).toList(), "", widths);
    rows.forEach(row -> append(out, row, widths));
    return out.toString();
  }

  private void appendHeads(StringBuilder out, int[] widths) {
    List<List<String>> parts =
        IntStream.range(0, widths.length)
            .mapToObj(i -> Wrap.lines(heads.get(i), widths[i]))
            .toList();
    int lines = parts.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < lines; i++) {
      int line = i;
      List<String> cells =
          parts.stream().map(part -> line < part.size() ? part.get(line) : "").toList();
      appendLine(out, cells, "", widths);
    }
  }

  private void append(StringBuilder out, Row row, int[] widths) {
    String note = row.note();
    for (String part : Wrap.lines(row.text(), widths[row.column()])) {
      List<String> cells = new ArrayList<>(Collections.nCopies(heads.size(), ""));
      cells.set(row.column(), part);
      appendLine(out, cells, note, widths);
      note = "";
    }
  }

  private int[] widths(int width) {
    int[] wanted = wanted();
    int notes = rows.stream().mapToInt(row -> row.note().length()).max().orElse(0);
    int room = width - notes - GAP.length() * wanted.length;
    int limit = Arrays.stream(wanted).max().orElse(0);
    while (limit > NARROWEST && limited(wanted, limit).sum() > room) {
      limit--;
    }
    return limited(wanted, limit).toArray();
  }

  private int[] wanted() {
    int[] wanted = heads.stream().mapToInt(String::length).toArray();
    for (Row row : rows) {
      wanted[row.column()] = Math.max(wanted[row.column()], row.text().length());
    }
    return wanted;
  }

  private static IntStream limited(int[] wanted, int limit) {
    return Arrays.stream(wanted).map(natural -> Math.min(natural, limit));
  }

  private static void appendLine(StringBuilder out, List<String> cells, String note, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()))).append(GAP);
    }
    line.append(note);
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
