package dev.cryofuzz.export;

import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.Sentences;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A failing run of the target criu as one shell script: the sources of the tree as they stand, as
 * far as this one carries something, then plain calls of criu.
 */
public final class CriuScript {
  private static final String END = "END_OF_FILE";

  /** A row of TREE_LIST in tree.h: the item, and its part. */
  private static final Pattern ROW = Pattern.compile("X\\([A-Z_]+, ([a-z_]+)\\)");

  private static final List<String> ALWAYS =
      List.of("parts/words.c", "parts/memory.c", "parts/place.c");

  private final CriuRun run;
  private final Map<String, String> tree;
  private final Map<String, String> hurt;
  private final StringBuilder out = new StringBuilder();

  private CriuScript(CriuRun run) {
    this.run = run;
    this.tree = run.tree();
    this.hurt = run.hurt();
  }

  /**
   * Throws Refusal if it can't be had.
   *
   * @param sources the files below harness/freezer/criu by their names: tree.h, parts/gate.c
   * @param texts those below export/criu
   */
  public static String of(CriuRun run, Map<String, String> sources, UnaryOperator<String> texts) {
    CriuScript script = new CriuScript(run);
    script.head();
    script.settings();
    script.sources(sources, texts);
    return script.out.append(texts.apply("script.sh")).toString();
  }

  private void head() {
    line("#!/bin/sh");
    line("# " + Printable.line(run.finding().toString()));
    line("#");
    line("# " + Printable.line(run.summary()));
    line("# " + Printable.line(Sentences.of(run.scenario())));
    line("#");
    line(
        "# As root: ./x.sh, or CRIU=path/to/criu ./x.sh; it takes a compiler with a static libc. Exits");
    line(
        "# with 1 when it fails, with 0 when it does not, with 2 if it can't be tried. ./x.sh control");
    line("# " + control());
    if (hurt.containsKey("call")) {
      line("# It takes strace, which makes the call of criu's fail.");
    }
    line("# Made by cryofuzz export, and tried.");
    line("");
  }

  private String control() {
    if (!hurt.isEmpty()) {
      return "does the same with a criu to which nothing is done, and does not fail.";
    }
    return minds()
        ? "does the same with a tree that makes up for that, and does not fail."
        : "asks the same tree without a dump, and does not fail.";
  }

  private boolean minds() {
    return !tree.get("minds").equals("nothing");
  }

  private void settings() {
    line("title='" + run.finding().title().text() + "'");
    line("minds=${minds-" + (minds() ? 1 : 0) + "}");
    line("checkpoint=${checkpoint-1}");
    line("refuses=" + (run.refuses() ? "1" : ""));
    line("fault=${fault-" + hurt.getOrDefault("fault", "") + "}");
    line("failing=${failing-" + failing() + "}");
    line("failing_in=" + hurt.getOrDefault("in", ""));
    line("leave_running=" + (run.params().getOrDefault("runs-on", 0) == 1 ? "-R" : ""));
    line("");
  }

  /** As strace has it. */
  private String failing() {
    return hurt.containsKey("call")
        ? hurt.get("call") + ":error=" + hurt.get("error") + ":when=" + hurt.get("nth")
        : "";
  }

  private void sources(Map<String, String> sources, UnaryOperator<String> texts) {
    Set<String> parts = new LinkedHashSet<>(ALWAYS);
    CriuRun.items(tree).forEach(item -> parts.add(fileOf(item, sources)));
    if (parts.contains("parts/queue.c")) {
      parts.add("parts/ipc.c"); // both leave a namespace first
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (String name : List.of("tree.h", "parts/part.h", "tree.c")) {
      files.put(name, sources.get(name));
    }
    parts.forEach(name -> files.put(name, sources.get(name)));
    files.put("parts/others.c", others(sources.get("tree.h"), String.join("", files.values())));
    files.put("ask.c", settingsOfAsk() + texts.apply("ask.c"));
    line("# Into this folder.");
    line("sources() {");
    line("\tmkdir \"$1/parts\"");
    files.forEach(this::file);
    line("}\n");
  }

  private static String fileOf(String item, Map<String, String> sources) {
    return sources.entrySet().stream()
        .filter(file -> defines(file.getValue(), item))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(item + ": no part of the tree"));
  }

  private static boolean defines(String source, String item) {
    return source.contains("\nvoid set_" + item + "(void)\n");
  }

  private void file(String name, String text) {
    line("cat >\"$1/" + name + "\" <<'" + END + "'");
    line(text.stripTrailing());
    line(END);
  }

  /** What this tree does not carry. */
  private static String others(String header, String carried) {
    List<String> missing =
        ROW.matcher(header)
            .results()
            .map(found -> found.group(1))
            .filter(item -> !defines(carried, item))
            .toList();
    String namespace =
        carried.contains("\nvoid leave_namespace(void)\n")
            ? ""
            : "\nvoid leave_namespace(void)\n{\n}\n";
    return """
        /* What this tree does not carry. */
        #include "part.h"

        #define NOT(part)                \\
        	void set_##part(void)    \\
        	{                        \\
        	}                        \\
        	int part##_changed(void) \\
        	{                        \\
        		return 0;        \\
        	}
        """
        + missing.stream().map(part -> "NOT(" + part + ")\n").collect(Collectors.joining())
        + namespace;
  }

  private String settingsOfAsk() {
    return "#define SEED "
        + tree.get("seed")
        + "\n#define PLACE "
        + tree.get("place")
        + "\n#define TRAP "
        + tree.get("trap")
        + "\n#define CARRIES ("
        + CriuRun.bits(CriuRun.items(tree))
        + ")\n#define MINDS ("
        + CriuRun.bits(minds() ? List.of(tree.get("minds")) : List.of())
        + ")\n\n";
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
