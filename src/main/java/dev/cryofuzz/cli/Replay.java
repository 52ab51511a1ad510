package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Entry;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Runs a scenario again, each time in fresh processes. */
final class Replay {
  private Replay() {}

  /**
   * What came of it.
   *
   * @param last of all runs the last one, or the first that was not as expected
   * @param asExpected how many of the runs were
   * @param hashes the different traces
   */
  record Outcome(Entry entry, Run last, int asExpected, int runs, Set<Long> hashes) {
    boolean passed() {
      return asExpected == runs;
    }

    Optional<String> expected() {
      return entry.scenario().expect();
    }

    Optional<String> actual() {
      return last.verdict().title().map(Object::toString);
    }

    boolean unsupported() {
      return last.verdict() instanceof Verdict.Unsupported;
    }

    List<Event> unreached() {
      List<Event> events = new ArrayList<>();
      for (int i = 0; i < last.fired().size(); i++) {
        if (!last.fired().get(i).reached()) {
          events.add(entry.scenario().events().get(i));
        }
      }
      return events;
    }

    int exitCode() {
      if (last.broken()) {
        return ExitCode.FAULT;
      }
      if (actual().isPresent()) {
        return ExitCode.FINDINGS;
      }
      return expected().isPresent() && !unsupported() ? ExitCode.NOT_REPRODUCED : ExitCode.CLEAN;
    }
  }

  /**
   * @param stopped asked before each run but the first: whether that was enough
   */
  static Outcome of(
      Entry entry, Executor executor, int times, boolean audit, BooleanSupplier stopped) {
    RunMode plain = mode(entry.scenario(), executor);
    RunMode mode = audit ? plain.withAudit() : plain;
    Set<Long> hashes = new HashSet<>();
    Run shown = null;
    int asExpected = 0;
    int runs = 0;
    do {
      Run run = executor.run(entry.scenario(), mode);
      hashes.add(run.hash());
      boolean allGood = asExpected == runs++;
      asExpected += isAsExpected(entry.scenario(), run) ? 1 : 0;
      if (allGood) {
        shown = run;
      }
    } while (runs < times && !stopped.getAsBoolean());
    return new Outcome(entry, shown, asExpected, runs, hashes);
  }

  /** On the build that it was saved from its points are exact; on others its sites are nearer. */
  static RunMode mode(Scenario scenario, Executor executor) {
    boolean sameBuild = scenario.build().equals(Optional.of(executor.target().build()));
    return sameBuild ? RunMode.FRESH : RunMode.FRESH.anchoredBySite();
  }

  private static boolean isAsExpected(Scenario scenario, Run run) {
    return !run.broken()
        && !(run.verdict() instanceof Verdict.Unsupported)
        && run.verdict().title().map(Object::toString).equals(scenario.expect());
  }
}
