package dev.cryofuzz.export;

import dev.cryofuzz.export.StepTable.Comment;
import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.trace.Trace;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A failing run as one C file that needs nothing of cryofuzz: the target's source as it stands, the
 * steps of that run in their order with what they gave, and a driver that makes each actor a
 * process and holds it to that order. What fails is the target's own check, or that nobody goes on.
 */
public final class HandshakeProgram {
  private static final Pattern OBJECTS = Pattern.compile("\\b(pthread_|sem_)");
  private static final String FOLDER = "handshake/";

  /** Without it compilers for x86 have no atomic access of 16 bytes. */
  public static final String WIDE = "-mcx16";

  private final HandshakeRun run;
  private final UnaryOperator<String> texts;
  private final StringBuilder out = new StringBuilder();

  private HandshakeProgram(HandshakeRun run, UnaryOperator<String> texts) {
    this.run = run;
    this.texts = texts;
  }

  /** The texts are those of the files below export. */
  public static String of(HandshakeRun run, UnaryOperator<String> texts) {
    HandshakeProgram program = new HandshakeProgram(run, texts);
    program.head();
    program.out.append("#define _GNU_SOURCE\n").append(run.header()).append('\n');
    program.target();
    program.run();
    program.driver();
    return program.out.toString();
  }

  private void head() {
    line("/* " + Comment.text(run.finding().toString()));
    line(" *");
    line(" * " + Comment.text(Sentences.of(run.played().scenario())));
    run.played().scenario().events().forEach(this::event);
    line(" *");
    line(" *     cc -O1 -g -fsanitize=thread" + option(WIDE) + " -c x.c && cc x.o -o x && ./x");
    line(" *");
    line(
        " * makes the failing run again, step by step, and exits with 1 when the check fails, with");
    line(
        " * 2 if it does not; -fsanitize=thread is for its hooks alone, its runtime is not linked.");
    line(" *");
    run.control().ifPresent(this::control);
    if (!any(StepTable::isHeard)) {
      free();
    }
    line(
        " * Made by cryofuzz export: cryofuzz.h, then "
            + Comment.text(String.join(", ", run.sources().keySet()))
            + (run.sources().size() == 1 ? " as it stands, then" : " as they stand, then"));
    line(" * the steps of the run and what makes them again.");
    line(" */");
  }

  private void free() {
    line(" *     cc -O2" + option(WIDE) + " x.c -o x" + option("-latomic") + " && ./x free 10000");
    line(" *");
    line(
        " * lets the same code run freely, side by side on all processors, and says how often it fails.");
  }

  private boolean isWide() {
    return any(StepTable::isWide);
  }

  private String option(String name) {
    return isWide() ? " " + name : "";
  }

  private void event(Event event) {
    String left =
        event.action().type().family() == Family.FREEZE ? " (left out: it fails without)" : "";
    line(" * " + Comment.text(Sentences.of(event)) + left);
  }

  private void control(HandshakeRun.Control control) {
    line(" *     ./x control");
    line(" *");
    line(" * makes one that passes in the same way, without " + control.without() + ".");
    line(" *");
  }

  private void target() {
    run.sources()
        .forEach(
            (file, text) -> {
              String name = file.replace("\\", "\\\\").replace("\"", "\\\"");
              line("#line 1 \"" + Printable.line(name) + "\"");
              line(text.replaceAll("(?m)^#include [<\"]cryofuzz\\.h[>\"]$", ""));
            });
    line("#line 1 \"driver\"");
  }

  private void run() {
    section("tables");
    played("failing", run.played());
    run.control().ifPresent(control -> played("passing", control.played()));
    if (run.control().isEmpty()) {
      line("static const struct run_order run_passing = { 0 };");
    }
    line("enum { RUN_VARIANT = " + run.variant() + " };");
    line("enum { RUN_HAS_OWN_TIME = " + (any(StepTable::isHeard) ? 1 : 0) + " };");
    String waits = HandshakeRefusal.isStandstill(run.finding()) ? run.finding().title().text() : "";
    line("/* What it is called when nobody goes on, if that is how it is to fail. */");
    line("#define RUN_WAITS \"" + waits + "\"");
    line("#define RUN_SEGMENT 0x" + Long.toHexString(run.segmentAddress()) + "ull\n");
  }

  private void played(String name, HandshakeRun.Played played) {
    line("static const struct run_step " + name + "_steps[] = {");
    out.append(StepTable.of(played.trace(), any(StepTable::isHeard), run.lines()));
    line("\t{ 0 },");
    line("};");
    String values = played.params().stream().map(String::valueOf).collect(Collectors.joining(", "));
    line("static const int " + name + "_params[] = { " + (values.isEmpty() ? "0" : values) + " };");
    line("static const struct run_damage " + name + "_damage[] = {");
    out.append(DamageTable.of(played, run.fields()));
    line("\t{ 0 },");
    line("};");
    line("static const struct run_order run_" + name + " = {");
    line("\t.step = " + name + "_steps,");
    line("\t.steps = sizeof(" + name + "_steps) / sizeof(" + name + "_steps[0]) - 1,");
    line("\t.params = " + name + "_params,");
    line("\t.damage = " + name + "_damage,");
    line("};");
  }

  /** Calls come to the driver only where there are any: without, it is half as long. */
  private void driver() {
    section("gate");
    section("hooks");
    if (isWide()) {
      section("wide");
    }
    (any(StepTable::hasCalls) ? List.of("frames", "calls") : List.of("whole"))
        .forEach(this::section);
    (any(StepTable::isHeard) ? List.of("signals", "clock") : List.of("unheard"))
        .forEach(this::section);
    if (run.sources().values().stream().anyMatch(text -> OBJECTS.matcher(text).find())) {
      section("objects");
    }
    section("asked");
    section("run");
  }

  private boolean any(Predicate<Trace> so) {
    return so.test(run.played().trace())
        || run.control().stream().anyMatch(control -> so.test(control.played().trace()));
  }

  private void section(String name) {
    out.append(texts.apply(FOLDER + name + ".c")).append('\n');
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
