package dev.cryofuzz.cli;

import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import java.util.List;

/**
 * A replayed scenario for people: one line if all is well, else what was expected and what came.
 */
final class ReplayText {
  private ReplayText() {}

  static String of(Replay.Outcome outcome, Console console) {
    StringBuilder out = new StringBuilder(word(outcome, console));
    out.append(' ').append(Printable.line(outcome.entry().file().toString()));
    if (isOrdinary(outcome)) {
      out.append(": no finding, trace ").append(traces(outcome));
      unannounced(out, outcome);
      return out.toString();
    }
    line(out, "expected", outcome.expected().orElse("no finding"));
    line(out, "actual", outcome.last().verdict().text());
    if (!outcome.last().broken() && !outcome.unsupported()) {
      line(out, "trace", traces(outcome));
    }
    List<Event> unreached = outcome.unreached();
    if (!unreached.isEmpty()) {
      line(out, "unreached", unreached.size() + " of " + outcome.last().fired().size() + " events");
      unreached.forEach(event -> line(out, "", Sentences.of(event)));
    }
    unannounced(out, outcome);
    return out.toString();
  }

  /** Of a whole corpus most are so: one line each is enough. */
  private static boolean isOrdinary(Replay.Outcome outcome) {
    return outcome.passed() && outcome.expected().isEmpty() && outcome.unreached().isEmpty();
  }

  private static void unannounced(StringBuilder out, Replay.Outcome outcome) {
    outcome.last().unannounced().forEach(place -> line(out, "unhooked", place));
  }

  private static String word(Replay.Outcome outcome, Console console) {
    if (outcome.unsupported()) {
      return "SKIP";
    }
    return outcome.passed() ? console.good("PASS") : console.bad("FAIL");
  }

  private static String traces(Replay.Outcome outcome) {
    String hash = String.format("%016x", outcome.last().hash());
    if (outcome.runs() == 1) {
      return hash;
    }
    String which = outcome.hashes().size() == 1 ? hash : outcome.hashes().size() + " different";
    return which + ", " + outcome.asExpected() + "/" + outcome.runs() + " as expected";
  }

  private static void line(StringBuilder out, String name, String text) {
    out.append(String.format("%n  %-10s%s", name, Printable.line(text)));
  }
}
