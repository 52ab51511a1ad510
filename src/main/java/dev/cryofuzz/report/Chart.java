package dev.cryofuzz.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A number over the seconds of a campaign, as a picture with axes and the numbers behind it. */
final class Chart {
  private static final int WIDTH = 340;
  private static final int HEIGHT = 150;
  private static final int LEFT = 54;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 26;
  private static final int TICKS = 4;
  private static final int TABLE_ROWS = 12;

  /** A time in seconds, and what there was then. */
  record Point(double second, long value) {}

  private final String name;
  private final List<Point> points;
  private final double spanX;
  private final double spanY;

  private Chart(String name, List<Point> points) {
    this.name = name;
    this.points = points;
    this.spanX = Math.max(1, points.stream().mapToDouble(Point::second).max().orElse(1));
    this.spanY = Math.max(1, points.stream().mapToLong(Point::value).max().orElse(1));
  }

  static String of(String name, List<Point> points) {
    Chart chart = new Chart(name, points);
    return "<figure>\n<figcaption>"
        + Html.text(name)
        + "</figcaption>\n"
        + chart.picture()
        + chart.table()
        + "</figure>\n";
  }

  private String picture() {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s: %,d after %s s\">\n",
            WIDTH,
            HEIGHT,
            Html.text(name),
            points.get(points.size() - 1).value(),
            number(spanX)));
    double stepY = step(spanY);
    for (double y = 0; y <= spanY; y += stepY) {
      out.append(line("grid", LEFT, atY(y), WIDTH - RIGHT, atY(y)))
          .append(text("end", LEFT - 6, atY(y) + 3.5, number(y)));
    }
    double stepX = step(spanX);
    for (double x = 0; x <= spanX; x += stepX) {
      out.append(line("axis", atX(x), HEIGHT - BOTTOM, atX(x), HEIGHT - BOTTOM + 4))
          .append(text("middle", atX(x), HEIGHT - BOTTOM + 16, number(x) + " s"));
    }
    out.append(line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM));
    return out.append("<polyline class=\"curve\" points=\"")
        .append(
            points.stream()
                .map(point -> at(atX(point.second())) + "," + at(atY(point.value())))
                .collect(Collectors.joining(" ")))
        .append("\"/>\n</svg>\n")
        .toString();
  }

  private double atX(double second) {
    return LEFT + second / spanX * (WIDTH - LEFT - RIGHT);
  }

  private double atY(double value) {
    return HEIGHT - BOTTOM - value / spanY * (HEIGHT - TOP - BOTTOM);
  }

  /** 1, 2 or 5 times a power of ten: some ticks, whatever the span. */
  private static double step(double span) {
    double power = Math.pow(10, Math.floor(Math.log10(span / TICKS)));
    double least = span / TICKS / power;
    double step = power * (least <= 1 ? 1 : least <= 2 ? 2 : least <= 5 ? 5 : 10);
    return Math.max(1, step);
  }

  private static String line(String kind, double x1, double y1, double x2, double y2) {
    return "<line class=\""
        + kind
        + "\" x1=\""
        + at(x1)
        + "\" y1=\""
        + at(y1)
        + "\" x2=\""
        + at(x2)
        + "\" y2=\""
        + at(y2)
        + "\"/>\n";
  }

  private static String text(String anchor, double x, double y, String text) {
    return "<text text-anchor=\""
        + anchor
        + "\" x=\""
        + at(x)
        + "\" y=\""
        + at(y)
        + "\">"
        + text
        + "</text>\n";
  }

  private static String at(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }

  private static String number(double number) {
    return number < 1_000_000
        ? String.format(Locale.ROOT, "%,.0f", number)
        : String.format(Locale.ROOT, "%,.1f M", number / 1e6);
  }

  private String table() {
    HtmlTable table = new HtmlTable("second", Html.text(name));
    int each = Math.max(1, (points.size() + TABLE_ROWS - 1) / TABLE_ROWS);
    for (int i = (points.size() - 1) % each; i < points.size(); i += each) {
      Point point = points.get(i);
      table.row(
          String.format(Locale.ROOT, "%,.1f", point.second()),
          String.format(Locale.ROOT, "%,d", point.value()));
    }
    return "<details><summary>as a table</summary>\n" + table.html() + "</details>\n";
  }
}
