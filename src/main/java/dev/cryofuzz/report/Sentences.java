package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionField;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Scenarios and their parts in words. */
public final class Sentences {
  private Sentences() {}

  /** As in "queue no-barrier, memory weak, messages=3 writers=1". */
  public static String of(Scenario scenario) {
    String params =
        scenario.params().entrySet().stream()
            .map(param -> param.getKey() + "=" + param.getValue())
            .collect(Collectors.joining(" "));
    return scenario.target()
        + " "
        + scenario.variant()
        + ", memory "
        + scenario.memory().text()
        + scenario.options().stream()
            .map(option -> ", " + option.text())
            .collect(Collectors.joining())
        + (params.isEmpty() ? "" : ", " + params);
  }

  /** As in "reader#2 queue.c:57: stale back 1". */
  public static String of(Event event) {
    String site = event.at().site().map(place -> " " + place).orElse("");
    return event.at().text() + site + ": " + of(event.action());
  }

  /** As in "rewrite field ack value 7". */
  public static String of(Action action) {
    List<String> words = new ArrayList<>(List.of(action.text()));
    List<ActionField> fields = action.type().fields();
    for (int i = 0; i < fields.size(); i++) {
      words.add(fields.get(i).name());
      words.add(String.valueOf(action.arguments().get(i)));
    }
    return String.join(" ", words);
  }

  public static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  /** What it says about a failure that this model is the strongest under which it appears. */
  static String meaning(MemoryModel model) {
    return switch (model) {
      case SC ->
          "It needs no reordering of memory accesses: a plain race or a logic error, on every CPU.";
      case X86 ->
          "It needs a store that other CPUs see late (store→load), which every CPU does, x86 too.";
      case WEAK ->
          "It needs stores or loads out of order (store→store, load→load), as on ARM64, RISC-V,"
              + " LoongArch and POWER: a missing write or read barrier.";
      case WEAK_EARLY ->
          "It needs a store that other CPUs see before an earlier load is done (load→store), as on"
              + " ARM64, RISC-V, LoongArch and POWER: a missing release, acquire or control dependency.";
    };
  }
}
