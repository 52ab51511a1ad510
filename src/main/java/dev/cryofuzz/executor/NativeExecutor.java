package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.SharedMemory;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Scheduling;
import dev.cryofuzz.trace.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs scenarios in real processes, through a native executor of its own that is started when it is
 * first needed and again whenever it has died. The control block outlives it, so that feedback
 * counters keep their address.
 */
public final class NativeExecutor implements Executor {
  /**
   * @param cpu where executor and actors run; the caller pins itself there too, as handing over
   *     between processors costs ten times as much. -1: anywhere
   * @param ready how long a start may take
   * @param reply how long a run may take; the executor's own watchdog is much quicker
   * @param carrier where actors live
   */
  public record Options(int cpu, Duration ready, Duration reply, Carrier carrier) {
    public static Options onCpu(int cpu) {
      return new Options(cpu, Duration.ofSeconds(30), Duration.ofSeconds(60), Carrier.ANY);
    }

    public static Options anywhere() {
      return onCpu(ControlLayout.NO_CPU);
    }

    public Options on(Carrier wanted) {
      return new Options(cpu, ready, reply, wanted);
    }
  }

  private static final byte[] NO_FEEDBACK = new byte[ControlLayout.FEEDBACK_SIZE];

  private final TargetDescription target;
  private final Path executor;
  private final Path library;
  private final Options options;
  private final SharedMemory control;
  private final Cast cast;
  private final PlanWriter plan;
  private final ResultReader result;
  private final BurstReader burst;
  private final TraceReader trace;
  private final SchedulingReader scheduling;
  private ExecutorProcess process;

  NativeExecutor(
      TargetDescription target, Sites sites, Path executor, Path library, Options options) {
    this.target = target;
    this.executor = executor;
    this.library = library;
    this.options = options;
    this.control = SharedMemory.create("cryofuzz-control", ControlLayout.CONTROL_SIZE);
    this.cast = new Cast(target);
    this.plan = new PlanWriter(control, target, sites, cast);
    this.result = new ResultReader(control, sites);
    this.burst = new BurstReader(control, result);
    this.trace = new TraceReader(control, sites);
    this.scheduling = new SchedulingReader(control);
    control.putLong(ControlLayout.HEADER_MAGIC, ControlLayout.MAGIC);
    control.putInt(ControlLayout.HEADER_LAYOUT, ControlLayout.LAYOUT);
    control.putInt(ControlLayout.HEADER_SIZE, ControlLayout.CONTROL_SIZE);
    control.putInt(ControlLayout.PLAN_CARRIER, options.carrier().number());
  }

  @Override
  public TargetDescription target() {
    return target;
  }

  /** Where the feedback counters lie in this process, for as long as this executor is open. */
  public long feedbackAddress() {
    return control.address() + ControlLayout.FEEDBACK;
  }

  public int feedbackSize() {
    return ControlLayout.FEEDBACK_SIZE;
  }

  @Override
  public byte[] takeFeedback() {
    byte[] counters = new byte[ControlLayout.FEEDBACK_SIZE];
    control.getBytes(ControlLayout.FEEDBACK, counters);
    control.putBytes(ControlLayout.FEEDBACK, new byte[ControlLayout.FEEDBACK_SIZE]);
    return counters;
  }

  /** A copy of the feedback counters. */
  public byte[] feedback() {
    byte[] counters = new byte[ControlLayout.FEEDBACK_SIZE];
    control.getBytes(ControlLayout.FEEDBACK, counters);
    return counters;
  }

  public void clearFeedback() {
    control.putBytes(ControlLayout.FEEDBACK, NO_FEEDBACK);
  }

  @Override
  public Run run(Scenario scenario, RunMode mode) {
    plan.write(scenario, mode);
    int kind = mode.fresh() ? ControlLayout.REQUEST_FRESH : ControlLayout.REQUEST_RUN;
    Run failure = ask(kind, scenario, () -> {});
    return failure == null ? read(scenario) : failure;
  }

  @Override
  public Burst explore(
      Scenario scenario, RunMode mode, Strategy strategy, long seed, Burst.Budget budget) {
    plan.write(scenario, mode);
    Run failure =
        ask(
            ControlLayout.REQUEST_EXPLORE,
            scenario,
            () -> {
              control.putInt(
                  ControlLayout.PLAN_FLAGS,
                  control.getInt(ControlLayout.PLAN_FLAGS) | ControlLayout.PLAN_NEW_ONLY);
              control.putInt(ControlLayout.STRATEGY, strategy.number());
              control.putInt(ControlLayout.BURST_BUDGET, budget.runs());
              control.putLong(ControlLayout.SQUARES, budget.squares());
              control.putLong(ControlLayout.SEED, seed);
            });
    return failure == null
        ? burst.read(scenario, cast.actors(scenario.params()))
        : Burst.none(scenario, failure.verdict());
  }

  @Override
  public Outcomes runNatively(Scenario scenario, RunMode mode, long seed, int runs, boolean on) {
    Scenario bare = scenario.withEvents(List.of());
    plan.write(bare, mode);
    return outcomes(
        on ? ControlLayout.REQUEST_NATIVE_ON : ControlLayout.REQUEST_NATIVE,
        bare,
        Strategy.NONE,
        seed,
        runs);
  }

  @Override
  public Outcomes collect(
      Scenario scenario,
      Circumstances circumstances,
      Strategy strategy,
      long seed,
      int budget,
      boolean on) {
    if (!on) {
      plan.write(scenario, RunMode.KEPT);
      plan.write(circumstances);
    }
    return outcomes(
        on ? ControlLayout.REQUEST_COLLECT_ON : ControlLayout.REQUEST_COLLECT,
        scenario,
        strategy,
        seed,
        budget);
  }

  private Outcomes outcomes(int kind, Scenario scenario, Strategy strategy, long seed, int budget) {
    Run failure =
        ask(
            kind,
            scenario,
            () -> {
              control.putInt(
                  ControlLayout.PLAN_FLAGS,
                  control.getInt(ControlLayout.PLAN_FLAGS) | ControlLayout.PLAN_NEW_ONLY);
              control.putInt(ControlLayout.STRATEGY, strategy.number());
              control.putInt(ControlLayout.BURST_BUDGET, budget);
              control.putLong(ControlLayout.SEED, seed);
            });
    return failure == null
        ? burst.readOutcomes(scenario, cast.actors(scenario.params()))
        : Outcomes.none(failure.verdict());
  }

  @Override
  public Scheduling scheduling(Scenario scenario) {
    return scheduling.read(cast.actors(scenario.params()));
  }

  @Override
  public String outcome() {
    return result.outcome();
  }

  /**
   * Null if there is a result; what can't run here is not tried, for it would fail. The mailbox is
   * there to be filled once the executor is.
   */
  private Run ask(int kind, Scenario scenario, Runnable fill) {
    if (target.unsupported().isPresent()) {
      return Run.of(new Verdict.Unsupported(target.unsupported().get()));
    }
    try {
      start();
    } catch (HarnessException e) {
      return Run.broken(e.getMessage());
    }
    fill.run();
    return switch (process.ask(kind, options.reply().toNanos())) {
      case DONE -> null;
      case DIED -> Run.broken(lastWords() + ": " + replaceProcess());
      case NONE -> late(scenario);
    };
  }

  private Run read(Scenario scenario) {
    return result.read(scenario.events().size(), plan, cast.actors(scenario.params()));
  }

  private String lastWords() {
    String detail = result.detail();
    return detail.isEmpty() ? "the executor died in a run" : detail;
  }

  private Run late(Scenario scenario) {
    List<EndState> ends = result.ends(cast.actors(scenario.params()));
    String who = ends.stream().map(EndState::toString).collect(Collectors.joining(", "));
    replaceProcess();
    return Run.broken("no result within " + options.reply().toSeconds() + " s: " + who);
  }

  @Override
  public TracedRun runTraced(Scenario scenario, RunMode mode) {
    List<String> actors = cast.actors(scenario.params());
    Run run = run(scenario, mode);
    if (run.broken()) {
      return new TracedRun(run, new Trace(actors, List.of(), 0, false));
    }
    return new TracedRun(
        run,
        trace.read(actors, run.steps(), run.hash()),
        run.passed() ? "" : result.evidence(),
        mode.scheduling() ? Optional.of(scheduling.read(actors)) : Optional.empty());
  }

  /** Starts the native executor now, rather than in the first run. */
  public void start() {
    if (process == null) {
      for (int at = 0; at < ControlLayout.MAILBOX_SIZE; at += 8) {
        control.putLong(ControlLayout.MAILBOX + at, 0);
      }
      control.putInt(ControlLayout.CPU, options.cpu());
      process = ExecutorProcess.start(control, executor, library, options.ready());
    }
  }

  private String replaceProcess() {
    try {
      return process.end();
    } finally {
      process.close();
      process = null;
    }
  }

  /** The process that serves, for tests and for people. */
  int pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        process.close();
        process = null;
      }
    } finally {
      control.close();
    }
  }
}
