package dev.cryofuzz.report;

import dev.cryofuzz.trace.Scheduling;
import java.util.List;
import java.util.Locale;

/**
 * What the scheduler did, as a picture: a lane for each actor, time to the right, a bar where it
 * ran, a thin one before it where it could have. Real time, not that of the steps.
 */
final class SchedulingLanes {
  private static final int LEFT = 120;
  private static final int RIGHT = 20;
  private static final int WIDTH = 900;
  private static final int LANE = 28;
  private static final int BAR = 16;
  private static final int THIN = 4;
  private static final int AXIS = 24;

  /** One that is shorter can't be seen. */
  private static final double LEAST = 1.5;

  private static final double NS_OF_MS = 1e6;

  private final Scheduling scheduling;
  private final long from;
  private final double span;

  private SchedulingLanes(Scheduling scheduling) {
    this.scheduling = scheduling;
    this.from = scheduling.periods().stream().mapToLong(SchedulingLanes::began).min().orElse(0);
    long to = scheduling.periods().stream().mapToLong(Scheduling.Period::at).max().orElse(0);
    this.span = Math.max(1, to - from);
  }

  /** A section of a page. */
  static String of(Scheduling scheduling) {
    String picture =
        scheduling.periods().isEmpty() ? "" : new SchedulingLanes(scheduling).picture();
    return "<section class=\"scheduling\" aria-labelledby=\"scheduling\">\n"
        + "<h2 id=\"scheduling\">What the kernel's scheduler did</h2>\n"
        + picture
        + "<details><summary>as a table</summary>\n"
        + Html.pre(SchedulingTable.of(scheduling))
        + "</details>\n</section>\n";
  }

  /** What is before it was the actor's own wish. */
  private static long began(Scheduling.Period period) {
    return period.at() - period.run() - period.delay();
  }

  private String picture() {
    List<Scheduling.Sum> sums = scheduling.sums();
    int height = sums.size() * LANE + AXIS;
    StringBuilder out = new StringBuilder();
    out.append("<figure class=\"scroll\" tabindex=\"0\">\n")
        .append(
            String.format(
                Locale.ROOT,
                "<svg class=\"lanes\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%d periods of %d"
                    + " actors in %s ms\">%n",
                WIDTH,
                height,
                scheduling.periods().size(),
                sums.size(),
                ms((long) span)));
    for (int i = 0; i < sums.size(); i++) {
      lane(out, i);
    }
    int bottom = sums.size() * LANE + 4;
    out.append(line(LEFT, bottom, WIDTH - RIGHT, bottom))
        .append(text("start", LEFT, bottom + 14, "0 ms"))
        .append(text("end", WIDTH - RIGHT, bottom + 14, ms((long) span) + " ms"));
    return out.append("</svg>\n<figcaption>thick: it ran; thin: it could have run, but had no")
        .append(" processor; nothing: it slept, stood still, or was not there</figcaption>\n")
        .append("</figure>\n")
        .toString();
  }

  private void lane(StringBuilder out, int index) {
    String actor = scheduling.sums().get(index).actor();
    int top = index * LANE + (LANE - BAR) / 2;
    out.append(text("end", LEFT - 10, top + 12, Html.text(actor)));
    for (Scheduling.Period period : scheduling.periods()) {
      if (period.actor().equals(actor)) {
        out.append("<g><title>").append(Html.text(words(period))).append("</title>");
        long ran = period.at() - period.run();
        bar(out, "delayed", began(period), ran, top + (BAR - THIN) / 2, THIN);
        bar(out, "ran a" + index % 8, ran, period.at(), top, BAR);
        out.append("</g>\n");
      }
    }
  }

  private void bar(StringBuilder out, String kind, long begin, long end, int top, int height) {
    if (end <= begin) {
      return;
    }
    double x = atX(begin);
    out.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
            kind,
            x,
            top,
            Math.max(LEAST, atX(end) - x),
            height));
  }

  private double atX(long time) {
    return LEFT + (time - from) / span * (WIDTH - LEFT - RIGHT);
  }

  private static String words(Scheduling.Period period) {
    return period.actor()
        + " on processor "
        + period.cpu()
        + ": waited "
        + ms(period.waited())
        + " ms, delay "
        + ms(period.delay())
        + " ms, ran "
        + ms(period.run())
        + " ms";
  }

  private static String ms(long ns) {
    return String.format(Locale.ROOT, "%.3f", ns / NS_OF_MS);
  }

  private static String line(int x1, int y1, int x2, int y2) {
    return "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n"
        .formatted(x1, y1, x2, y2);
  }

  private static String text(String anchor, int x, int y, String html) {
    return "<text text-anchor=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(anchor, x, y, html);
  }
}
