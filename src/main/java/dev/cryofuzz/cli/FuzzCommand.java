package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Family;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for failures. */
@Command(
    name = "fuzz",
    description = {
      "Look for failures: run scenarios, keep those that reach something new, change them, and so"
          + " on. Each failure is confirmed in fresh processes, minimized, saved as a folder and"
          + " told with the command that replays it.",
      "Without --variant all variants are fuzzed that should never fail; without --memory under the"
          + " weakest model. Goes on until --time or --runs is used up, or Ctrl-C."
    })
final class FuzzCommand implements Callable<Integer> {
  @Option(
      names = "--target",
      completionCandidates = Candidates.Targets.class,
      split = ",",
      paramLabel = "T",
      description = "Names, or files of your own: NAME.so; all of cryofuzz's own unless told.")
  private List<String> targets = List.of();

  @Option(
      names = "--variant",
      split = ",",
      paramLabel = "V",
      description = "All good ones unless told.")
  private List<String> variants = List.of();

  @Option(
      names = "--memory",
      completionCandidates = Candidates.Models.class,
      paramLabel = "M",
      description = "sc, x86, weak (default) or weak-early.")
  private Optional<String> memory = Optional.empty();

  @Option(
      names = "--with",
      completionCandidates = Candidates.RunOptions.class,
      split = ",",
      paramLabel = "O",
      description =
          "In all runs: races (looks for data races), tearing (others come between the parts of"
              + " wide accesses), unordered-loads (plain loads of one word go back, as on some"
              + " LoongArch cores).")
  private List<String> options = List.of();

  @Option(
      names = "--time",
      converter = DurationOption.class,
      paramLabel = "TIME",
      description = "As in 30s, 5m, 1h.")
  private Optional<Duration> time = Optional.empty();

  @Option(names = "--runs", paramLabel = "N", description = "Of all jobs together.")
  private long runs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed and --runs give the same findings in the same order.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where findings and the corpus are saved; findings unless told.")
  private Path out = Path.of("findings");

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "Scenarios to begin with; cryofuzz's own corpus unless told.")
  private Optional<Path> corpus = Optional.empty();

  @Option(
      names = "--freeze",
      description =
          "Freeze actors too: stop, infect and cure them at their points. A run with a freeze takes"
              + " a millisecond.")
  private boolean freeze;

  @Option(
      names = "--checkpoint",
      description =
          "Checkpoint too: all actors are dumped, killed and restored by criu at a point of one of"
              + " them. A run with a checkpoint takes 35 milliseconds; needs root.")
  private boolean checkpoint;

  @Option(
      names = "--affinity",
      description =
          "Move actors to other processors too; targets with something of its own on each processor"
              + " always have that.")
  private boolean affinity;

  @Option(
      names = "--faults",
      description =
          "Faults too, of targets that promise to survive them: calls that fail or transfer less,"
              + " signals, time-outs that have run out, the death of an actor.")
  private boolean faults;

  @Option(
      names = "--carrier",
      converter = CarrierOption.class,
      completionCandidates = Candidates.Carriers.class,
      paramLabel = "C",
      description =
          "Explore with actors as process or fiber only; unless told as fibers where target and"
              + " scenario permit it. Findings are confirmed in processes.")
  private Carrier carrier = Carrier.ANY;

  @Option(
      names = "--strategy",
      converter = StrategyOption.class,
      completionCandidates = Candidates.Strategies.class,
      paramLabel = "S",
      description =
          "Explore around each scenario with many runs at once, where it can be played by fibers:"
              + " random, pct (priorities), pos (priorities of accesses), surw (all orders as"
              + " likely), systematic (all schedules by number of switches), sweep (each single"
              + " reordering), none, or portfolio (default): all of them, those most that pay.")
  private Optional<Strategy> strategy = Optional.empty();

  @Option(
      names = "--first",
      description =
          "End with the first finding; of a planted bug, with the first one that is its own.")
  private boolean first;

  @Option(
      names = "--no-explain",
      description =
          "Do not find out why what was found fails; else that takes some seconds once it is saved,"
              + " for targets that can be played by fibers.")
  private boolean unexplained;

  @Option(
      names = "--no-feedback",
      description = "Forget what runs reach; to measure what remembering it is worth.")
  private boolean blind;

  @Option(
      names = "--mutate-bytes",
      description = "Let libFuzzer change bytes; to measure what changing events is worth.")
  private boolean bytewise;

  private final Surroundings around;

  FuzzCommand(Surroundings around) {
    this.around = around;
  }

  private Set<ActionType> extras() {
    Set<ActionType> extras = EnumSet.noneOf(ActionType.class);
    if (freeze) {
      extras.add(ActionType.INFECT);
      extras.add(ActionType.STOP);
    }
    if (checkpoint) {
      extras.add(ActionType.CHECKPOINT);
    }
    if (affinity) {
      extras.addAll(ActionType.of(Family.MACHINE));
    }
    if (faults) {
      extras.addAll(ActionType.of(Family.FAULT));
    }
    return extras;
  }

  private List<Job> jobs() {
    List<Job> jobs =
        new JobChoice(around.bench(), targets, variants, memory, extras(), options).jobs();
    if (faults && jobs.stream().noneMatch(job -> job.target().survives())) {
      throw new UsageError(
          "--faults: none of "
              + jobs.stream().map(job -> job.target().name()).distinct().toList()
              + " promises to survive them; see CF_SURVIVES_FAULTS in cryofuzz.h");
    }
    if (strategy.isPresent()
        && strategy.get() != Strategy.NONE
        && (carrier == Carrier.PROCESS || jobs.stream().noneMatch(job -> job.target().fibers()))) {
      throw new UsageError(
          "--strategy "
              + strategy.get().text()
              + ": explores with fibers only; type: ./cryofuzz targets, which says who can");
    }
    return jobs;
  }

  /** Processes take as long for a run as a request does. */
  private Strategy strategy() {
    return strategy.orElse(carrier == Carrier.PROCESS ? Strategy.NONE : Strategy.PORTFOLIO);
  }

  @Override
  public Integer call() throws UnwritableFolder {
    if (runs < 0) {
      throw new UsageError("--runs " + runs + ": expected a number from 1 on");
    }
    List<Job> jobs = jobs();
    Optional<String> refusal = new Rehearsal(around.bench().on(carrier)).refusal(jobs);
    if (refusal.isPresent()) {
      around.console().say("cryofuzz: can't run here: " + refusal.get());
      return ExitCode.NOTHING_COULD_RUN;
    }
    FuzzOptions options =
        new FuzzOptions(
            jobs,
            time,
            runs,
            seed,
            out,
            corpus,
            first,
            !unexplained,
            !blind,
            !bytewise,
            carrier,
            strategy());
    return new FuzzSession(around, options).run();
  }
}
