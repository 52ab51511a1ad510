package dev.cryofuzz.cli;

import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * How far a campaign has come, in one line: overwritten in place on a terminal, else a line now and
 * then. The speed is that of the last seconds.
 */
final class StatusLine {
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);
  private static final int WIDTH = 79;
  private static final Duration WINDOW = Duration.ofSeconds(3);

  private record Sample(Duration at, long runs) {}

  private final Console console;
  private final Deque<Sample> window = new ArrayDeque<>();
  private Duration firstRun;
  private Duration shown = Duration.ZERO;

  StatusLine(Console console) {
    this.console = console;
  }

  void tick(Job job, Duration elapsed, Progress progress, int findings) {
    sample(elapsed, progress.runs());
    Duration pause = console.isTerminal() ? ON_TERMINAL : ELSEWHERE;
    if (elapsed.minus(shown).compareTo(pause) < 0) {
      return;
    }
    shown = elapsed;
    String text = text(elapsed, progress, speed(), findings) + "  " + job.name();
    if (console.isTerminal()) {
      // A line that wraps could not be overwritten.
      console.status(text.substring(0, Math.min(WIDTH, text.length())));
    } else {
      console.talk(text);
    }
  }

  /** The last line of a campaign; the speed is that from its first run on. */
  String last(Duration elapsed, Progress progress, int findings) {
    Duration running = firstRun == null ? elapsed : elapsed.minus(firstRun);
    return text(elapsed, progress, speed(progress.runs(), running), findings);
  }

  /** Of targets with a victim of their own, each run of which freezes and cures it once. */
  String cycles(Duration elapsed, Progress progress) {
    Duration running = firstRun == null ? elapsed : elapsed.minus(firstRun);
    return String.format(Locale.ROOT, "%,.0f cycles/s", speed(progress.runs(), running));
  }

  private static String text(Duration elapsed, Progress progress, double speed, int findings) {
    return String.format(
        Locale.ROOT,
        "%s  %,d runs  %,.0f runs/s  corpus %d  features %d  findings %d",
        clock(elapsed),
        progress.runs(),
        speed,
        progress.corpus(),
        progress.features(),
        findings);
  }

  static String clock(Duration duration) {
    return String.format(
        "%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }

  private void sample(Duration elapsed, long runs) {
    if (runs > 0 && firstRun == null) {
      firstRun = elapsed;
    }
    window.addLast(new Sample(elapsed, runs));
    while (window.getFirst().at().plus(WINDOW).compareTo(elapsed) < 0) {
      window.removeFirst();
    }
  }

  private double speed() {
    Sample from = window.getFirst();
    Sample to = window.getLast();
    return speed(to.runs() - from.runs(), to.at().minus(from.at()));
  }

  private static double speed(long runs, Duration time) {
    return time.isZero() ? 0 : runs * 1e9 / time.toNanos();
  }
}
