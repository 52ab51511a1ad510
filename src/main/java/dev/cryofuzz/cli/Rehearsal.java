package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Where;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tries once what was asked for, so that a campaign does not go on for hours without the freezes
 * that it is about.
 */
final class Rehearsal {
  private static final Map<ActionType, Action> FREEZES =
      Map.of(
          ActionType.INFECT, new Action.Infect(Action.Infect.INJECT, 0, Where.HERE),
          ActionType.STOP, new Action.Stop(Action.Stop.SIGSTOP, Where.HERE),
          ActionType.CHECKPOINT, new Action.Checkpoint(Action.Checkpoint.CRIU, Where.HERE));

  private final Bench bench;

  Rehearsal(Bench bench) {
    this.bench = bench;
  }

  /** Why the jobs can't be done as they were asked for. One that can be speaks for all. */
  Optional<String> refusal(List<Job> jobs) {
    return jobs.stream().filter(job -> !freezes(job).isEmpty()).findFirst().flatMap(this::refusal);
  }

  private Optional<String> refusal(Job job) {
    try (Executor executor = bench.open(job.target().name())) {
      return freezes(job).stream()
          .map(type -> executor.run(with(FREEZES.get(type), job), RunMode.KEPT).verdict())
          .filter(Verdict.Unsupported.class::isInstance)
          .map(verdict -> ((Verdict.Unsupported) verdict).reason())
          .findFirst();
    }
  }

  private static List<ActionType> freezes(Job job) {
    return job.shape().extras().stream().filter(FREEZES::containsKey).sorted().toList();
  }

  private static Scenario with(Action freeze, Job job) {
    Scenario scenario = job.shape().defaultRun();
    String actor = job.shape().actors(scenario.params()).get(0);
    return scenario.withEvents(List.of(Event.of(actor, 0, freeze)));
  }
}
