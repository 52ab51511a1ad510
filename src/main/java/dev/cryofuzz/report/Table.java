package dev.cryofuzz.report;

import java.util.ArrayList;
import java.util.List;

/** A table of texts. Columns are as wide as their widest cell; numbers lean to the right. */
public final class Table {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    this.header = List.of(header);
  }

  public Table row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException("cells=" + cells.length + ": expected " + header.size());
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(Printable.line(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  public int size() {
    return rows.size();
  }

  /** For a terminal. */
  public String text() {
    StringBuilder out = new StringBuilder();
    appendText(out, header);
    rows.forEach(row -> appendText(out, row));
    return out.toString();
  }

  /** For a Markdown file. */
  public String markdown() {
    StringBuilder out = new StringBuilder("|");
    header.forEach(cell -> out.append(' ').append(cell).append(" |"));
    out.append("\n|");
    for (int column = 0; column < header.size(); column++) {
      out.append(leansRight(column) ? " ---: |" : " --- |");
    }
    for (List<String> row : rows) {
      out.append("\n|");
      row.forEach(cell -> out.append(' ').append(Markdown.text(cell)).append(" |"));
    }
    return out.append('\n').toString();
  }

  private void appendText(StringBuilder out, List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      String blanks = " ".repeat(width(column) - cell.length());
      line.append(column == 0 ? "" : "  ");
      line.append(leansRight(column) ? blanks + cell : cell + blanks);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private int width(int column) {
    return rows.stream()
        .mapToInt(row -> row.get(column).length())
        .reduce(header.get(column).length(), Math::max);
  }

  private boolean leansRight(int column) {
    return !rows.isEmpty()
        && rows.stream().allMatch(row -> row.get(column).matches("[0-9][0-9.,/]*( [a-z/]+)?|-?"));
  }
}
