package dev.cryofuzz.export;

import dev.cryofuzz.report.Printable;
import dev.cryofuzz.report.Sentences;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A failing run of the real libcompel as one C file that its maintainers can build in their tree:
 * the calls of libcompel in their order, a victim in the scenario's state, and what disturbs them
 * by plain C. Its head has the commands that build it.
 */
public final class CompelProgram {
  /** What the sections know of; of the others the head says that they are left out. */
  private static final Set<String> CARRIED =
      Set.of(
          "commands",
          "place",
          "seed",
          "vectors",
          "trap",
          "stranger",
          "fails",
          "nth",
          "error",
          "stopped",
          "disturbs",
          "when",
          "layout",
          "thread-area");

  private static final List<String> BUILD =
      List.of(
          "${CC:-cc} $(${COMPEL:-compel} cflags) -DPARASITE -c x.c -o parasite.o",
          "ld $(${COMPEL:-compel} ldflags) -o parasite.po parasite.o \\",
          "    $(${COMPEL:-compel} plugins fds)",
          "${COMPEL:-compel} hgen -f parasite.po -o parasite-blob.h",
          "${CC:-cc} $(${COMPEL:-compel} includes) -I/usr/include/compel x.c -o x \\",
          "    $(${COMPEL:-compel} --static libs)");

  private final CompelRun run;
  private final StringBuilder out = new StringBuilder();

  private CompelProgram(CompelRun run) {
    this.run = run;
  }

  /** The commands that stand in the head, for a shell in the folder of x.c. */
  public static String build() {
    return String.join("\n", BUILD) + "\n";
  }

  /** Throws Refusal if it can't be had. The texts are those of the files below export/compel. */
  public static String of(CompelRun run, UnaryOperator<String> texts) {
    if (CompelWeakness.moment(run.scenario().variant()).isEmpty()) {
      throw new Refusal(
          "what "
              + run.scenario().variant()
              + " shows is a bug planted in libcompel's caller, not libcompel's own");
    }
    Sections sections = new Sections(texts);
    sections.addText(new CompelProgram(run).head());
    sections.addText("#ifdef PARASITE\n" + CompelSettings.ofParasite(run));
    sections.add("parasite");
    sections.addText("#else /* PARASITE */\n" + CompelSettings.of(run));
    CompelShape.of(run).forEach(sections::add);
    sections.addText("#endif /* PARASITE */\n");
    String effect = run.damage().map(event -> CompelSettings.effect(event.action())).orElse("");
    return sections.text().replace("\t//: DAMAGE\n", effect);
  }

  private String head() {
    line("/* " + comment(run.finding().toString()));
    line(" *");
    line(" * " + comment(run.summary()));
    line(" * " + comment(Sentences.of(run.scenario())));
    run.scenario().events().forEach(event -> line(" * " + comment(Sentences.of(event))));
    leftOut();
    line(" *");
    line(" * To build it, where libcompel is installed, or with what CRIU's tree has after");
    line(" *");
    line(" *     make compel/compel-host-bin compel/libcompel.a");
    line(" *     export COMPEL=$PWD/compel/compel-host");
    line(" *");
    line(" * in the folder of this file:");
    line(" *");
    BUILD.forEach(command -> line(" *     " + command));
    line(" *");
    line(
        " * As root, ./x exits with 1 when it fails, with 0 when it does not, with 2 if it can't be");
    line(" * tried; ./x control does the same without what disturbs it, and does not fail. What");
    line(" * libcompel logs goes to standard error. Made by cryofuzz export, and tried.");
    line(" */");
    return out.toString();
  }

  private void leftOut() {
    String words =
        new TreeMap<>(run.scenario().params())
            .entrySet().stream()
                .filter(param -> !CARRIED.contains(param.getKey()))
                .filter(param -> !param.getValue().equals(run.defaults().get(param.getKey())))
                .map(param -> param.getKey() + "=" + param.getValue())
                .collect(Collectors.joining(" "));
    if (!words.isEmpty()) {
      line(" * Left out, it fails without: " + words);
    }
  }

  /** Nothing in it ends the comment that it is in, or begins another. */
  private static String comment(String text) {
    return Printable.line(text.replace('\t', ' ')).replace("*/", "* /").replace("/*", "/ *");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
