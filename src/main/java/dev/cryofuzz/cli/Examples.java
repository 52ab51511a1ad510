package dev.cryofuzz.cli;

import java.util.Map;
import picocli.CommandLine;

/** What to type, for the end of each command's help. */
final class Examples {
  private static final String FINDING = "findings/stale-read-in-queue-pop";
  private static final String SCENARIO = "corpus/queue/no-barrier.json";

  private static final Map<String, String> BY_COMMAND =
      Map.ofEntries(
          Map.entry("fuzz", "fuzz --target queue --variant no-barrier --time 30s --seed 2"),
          Map.entry("replay", "replay --as-expected corpus"),
          Map.entry("show", "show " + SCENARIO),
          Map.entry("minimize", "minimize " + FINDING + "/original.json"),
          Map.entry("explain", "explain " + SCENARIO),
          Map.entry("outcomes", "outcomes litmus --variant sb --memory x86"),
          Map.entry("report", "report findings --format sarif,junit"),
          Map.entry("bundle", "bundle " + FINDING),
          Map.entry("export", "export " + SCENARIO + " -o x.c"),
          Map.entry("schema", "schema finding"),
          Map.entry("targets", "targets queue"),
          Map.entry("doctor", "doctor"),
          Map.entry("selftest", "selftest --target queue"),
          Map.entry("corpus", "corpus stats corpus"),
          Map.entry("stats", "corpus stats corpus"),
          Map.entry("check", "corpus check corpus"),
          Map.entry("merge", "corpus merge findings/corpus --into corpus"),
          Map.entry("prune", "corpus prune findings/corpus"),
          Map.entry("build", "build"),
          Map.entry("cc", "cc handoff.c -o handoff.so"),
          Map.entry("new", "new handoff"),
          Map.entry("completion", "completion >/etc/bash_completion.d/cryofuzz"),
          Map.entry("manual", "manual fuzz | man -l -"));

  private Examples() {}

  /** To it and to all commands below it. */
  static void addTo(CommandLine line) {
    String example = BY_COMMAND.get(line.getCommandName());
    if (example != null) {
      line.getCommandSpec().usageMessage().footerHeading("%nExample:%n");
      line.getCommandSpec().usageMessage().footer("  ./cryofuzz " + example);
    }
    line.getSubcommands().values().forEach(Examples::addTo);
  }
}
