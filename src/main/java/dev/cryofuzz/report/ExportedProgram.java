package dev.cryofuzz.report;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A failing run as one C file that needs nothing of cryofuzz: the target's source as it stands, the
 * accesses of that run in their order with the values they gave, and a driver that makes each actor
 * a process and holds it to that order. What fails is the target's own check.
 */
public final class ExportedProgram {
  /** What the driver can do; of the others most can happen anyhow. */
  private static final Set<Op> ACCESSES =
      Set.of(Op.LOAD, Op.STORE, Op.RMW, Op.CAS_FAIL, Op.COMMIT, Op.FENCE);

  private static final Set<Op> HARMLESS =
      Set.of(Op.YIELD, Op.SWITCH, Op.SPIN, Op.PARK, Op.END, Op.FAIL, Op.MARK);

  private static final int LARGEST = 8;

  private final Parts parts;
  private final StringBuilder out = new StringBuilder();

  /**
   * What a program is made of.
   *
   * @param sources the target's files by their names: "queue.c"
   * @param header cryofuzz.h
   * @param driver driver.c
   * @param params the values of all of the target's, in its order
   * @param lines places to lines of the source, as far as they are known
   */
  public record Parts(
      Finding finding,
      Scenario scenario,
      Trace trace,
      SortedMap<String, String> sources,
      String header,
      String driver,
      List<Integer> params,
      int variant,
      long segmentAddress,
      Map<String, String> lines) {
    public Parts {
      params = List.copyOf(params);
      lines = Map.copyOf(lines);
      sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
    }
  }

  private ExportedProgram(Parts parts) {
    this.parts = parts;
  }

  /** What cryofuzz says itself, since no process of the target's could. */
  private static final Set<Kind> NOT_CHECKED =
      EnumSet.of(
          Kind.DATA_RACE,
          Kind.DEADLOCK,
          Kind.HANG,
          Kind.LOST_WAKEUP,
          Kind.CRASH,
          Kind.KERNEL_LOG,
          Kind.DIVERGENCE);

  /** Why this run can't be had without cryofuzz; empty if it can. */
  public static Optional<String> refusal(Title title, Trace trace) {
    if (NOT_CHECKED.contains(title.kind())) {
      return Optional.of(
          "a "
              + title.kind().text()
              + " is told by cryofuzz; only what the target checks itself can be exported");
    }
    if (trace.cut()) {
      return Optional.of("the run is too long: its first steps are missing");
    }
    if (hasPairs(trace.steps())) {
      return Optional.of("its run has an access of 16 bytes; the driver knows of 8 at most");
    }
    return trace.steps().stream()
        .filter(step -> !isPossible(step))
        .findFirst()
        .map(
            step ->
                "its run has a "
                    + step.op().text()
                    + (ACCESSES.contains(step.op()) ? " of " + step.size() + " bytes" : "")
                    + (step.site().isEmpty() ? "" : " at " + Printable.line(step.site()))
                    + "; only actors that share nothing but memory can be exported");
  }

  /** One of 16 bytes is two steps at one point. */
  private static boolean hasPairs(List<Step> steps) {
    return IntStream.range(1, steps.size())
        .anyMatch(
            i ->
                steps.get(i).actor() == steps.get(i - 1).actor()
                    && steps.get(i).point() == steps.get(i - 1).point()
                    && steps.get(i).op() == steps.get(i - 1).op()
                    && ACCESSES.contains(steps.get(i).op())
                    && steps.get(i).address() == steps.get(i - 1).address() + LARGEST);
  }

  private static boolean isPossible(Step step) {
    return HARMLESS.contains(step.op()) || (ACCESSES.contains(step.op()) && step.size() <= LARGEST);
  }

  /** The names of the files that it happens in. */
  public static Set<String> files(Trace trace) {
    return trace.steps().stream()
        .flatMap(step -> Place.parse(step.site()).stream())
        .map(Place::file)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public static String of(Parts parts) {
    ExportedProgram program = new ExportedProgram(parts);
    program.head();
    program.out.append("#define _GNU_SOURCE\n").append(parts.header()).append('\n');
    program.target();
    program.run();
    program.out.append(parts.driver());
    return program.out.toString();
  }

  private void head() {
    line("/* " + comment(parts.finding().toString()));
    line(" *");
    line(" * " + comment(Sentences.of(parts.scenario())));
    parts.scenario().events().forEach(this::event);
    line(" *");
    line(" *     cc -O1 -g -fsanitize=thread -c x.c && cc x.o -o x && ./x");
    line(" *");
    line(
        " * makes the failing run again, step by step, and exits with 1 when the check fails, with");
    line(
        " * 2 if it does not; -fsanitize=thread is for its hooks alone, its runtime is not linked.");
    line(" *");
    line(" *     cc -O2 x.c -o x && ./x free 10000");
    line(" *");
    line(
        " * lets the same code run freely, side by side on all processors, and says how often it fails.");
    line(
        " * Made by cryofuzz export: cryofuzz.h, then "
            + comment(String.join(", ", parts.sources().keySet()))
            + (parts.sources().size() == 1 ? " as it stands, then" : " as they stand, then"));
    line(" * the steps of the run and what makes them again.");
    line(" */");
  }

  private void event(Event event) {
    line(" * " + comment(Sentences.of(event)));
  }

  private void target() {
    parts
        .sources()
        .forEach(
            (file, text) -> {
              String name = file.replace("\\", "\\\\").replace("\"", "\\\"");
              line("#line 1 \"" + Printable.line(name) + "\"");
              line(text.replaceAll("(?m)^#include [<\"]cryofuzz\\.h[>\"]$", ""));
            });
    line("#line 1 \"driver\"");
  }

  private void run() {
    line("/* ---- the failing run ---- */");
    line("enum run_op { RUN_LOAD, RUN_STORE, RUN_RMW, RUN_CAS_FAIL, RUN_COMMIT, RUN_FENCE };");
    line("struct run_step {");
    line("\tunsigned actor;");
    line("\tenum run_op op;");
    line("\tsize_t offset, size; /* in the segment; of a fence its order */");
    line("\tint held; /* the store is seen later, by its commit */");
    line("\tunsigned long long value; /* of a load what it gave, of a store what it wrote */");
    line("};");
    line("static const struct run_step run_steps[] = {");
    steps();
    line("};");
    line("enum {");
    line("\tRUN_STEPS = sizeof(run_steps) / sizeof(run_steps[0]),");
    line("\tRUN_VARIANT = " + parts.variant() + ",");
    line("};");
    String values = parts.params().stream().map(String::valueOf).collect(Collectors.joining(", "));
    line("static const int run_params[] = { " + (values.isEmpty() ? "0" : values) + " };");
    line("#define RUN_SEGMENT 0x" + Long.toHexString(parts.segmentAddress()) + "ull\n");
  }

  private record Word(int actor, long address) {}

  private void steps() {
    Set<Word> held = new HashSet<>();
    for (Step step : parts.trace().steps()) {
      Word word = new Word(step.actor(), step.address());
      boolean kept = step.op() == Op.STORE && step.has(Flag.HELD);
      if (kept) {
        held.add(word);
      }
      // What was not held is seen when it is made.
      boolean routine = step.op() == Op.COMMIT && !step.has(Flag.EVENT) && !held.remove(word);
      if (ACCESSES.contains(step.op()) && !routine) {
        step(step, kept);
      }
    }
  }

  /** A fence has its order where others have their place. */
  private void step(Step step, boolean held) {
    String place = step.site();
    String source = parts.lines().getOrDefault(place, "");
    String flags = step.has(Flag.STALE) ? ", what was there before" : held ? ", seen later" : "";
    line(
        "\t/* "
            + comment(parts.trace().actor(step) + "#" + step.point() + " " + place + flags)
            + (source.isEmpty() ? "" : ":  " + comment(source))
            + " */");
    line(
        String.format(
            "\t{ %d, RUN_%s, %d, %d, %d, 0x%xull },",
            step.actor(),
            step.op().name(),
            step.op() == Op.FENCE ? step.size() : step.address(),
            step.size(),
            held ? 1 : 0,
            step.value()));
  }

  /** Nothing in it ends the comment that it is in, or begins another. */
  private static String comment(String text) {
    return Printable.line(text.replace('\t', ' ')).replace("*/", "* /").replace("/*", "/ *");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
