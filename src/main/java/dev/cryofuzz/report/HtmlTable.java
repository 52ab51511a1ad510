package dev.cryofuzz.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table of cells that are HTML already. Numbers lean to the right. */
final class HtmlTable {
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  HtmlTable(String... header) {
    this.header = List.of(header);
  }

  HtmlTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** A wide one scrolls by itself, with the keyboard, too. */
  String html() {
    StringBuilder out = new StringBuilder();
    out.append("<div class=\"scroll\" tabindex=\"0\"><table class=\"list\">\n<thead><tr>");
    IntStream.range(0, header.size())
        .forEach(
            column ->
                out.append("<th scope=\"col\"")
                    .append(lean(column))
                    .append('>')
                    .append(header.get(column))
                    .append("</th>"));
    out.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      IntStream.range(0, row.size())
          .forEach(
              column ->
                  out.append("<td")
                      .append(lean(column))
                      .append('>')
                      .append(row.get(column))
                      .append("</td>"));
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private String lean(int column) {
    boolean numbers =
        rows.stream().allMatch(row -> row.get(column).matches("-?|[0-9][0-9.,/]*( [a-z/%]+)?"));
    return numbers ? " class=\"number-cell\"" : "";
  }
}
