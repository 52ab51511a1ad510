package dev.cryofuzz.executor;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import dev.cryofuzz.trace.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** An executor without processes: answers by a rule, or by a script that must be used up. */
public final class FakeExecutor implements Executor {
  private static final Step POINT = new Step(0, 0, Op.LOAD, "fake.c:1", 0, 8, 0, 0, Set.of());

  private final TargetDescription target;
  private final BiFunction<Scenario, RunMode, TracedRun> rule;
  private final Deque<TracedRun> script;
  private final List<Scenario> ran = new ArrayList<>();
  private final List<RunMode> modes = new ArrayList<>();

  private FakeExecutor(
      TargetDescription target,
      BiFunction<Scenario, RunMode, TracedRun> rule,
      Deque<TracedRun> script) {
    this.target = target;
    this.rule = rule;
    this.script = script;
  }

  public static FakeExecutor of(TargetDescription target, BiFunction<Scenario, RunMode, Run> rule) {
    return new FakeExecutor(
        target,
        (scenario, mode) -> traced(target, scenario, rule.apply(scenario, mode)),
        new ArrayDeque<>());
  }

  /** Fails with the title whenever the scenario is like that, and passes otherwise. */
  public static FakeExecutor failing(
      TargetDescription target, Title title, Predicate<Scenario> when) {
    return of(
        target, (scenario, mode) -> when.test(scenario) ? found(scenario, title) : pass(scenario));
  }

  /** Answers with these runs, one after the other. */
  public static FakeExecutor scripted(TargetDescription target, TracedRun... script) {
    Deque<TracedRun> left = new ArrayDeque<>(Arrays.asList(script));
    return new FakeExecutor(
        target,
        (scenario, mode) -> {
          if (left.isEmpty()) {
            throw new AssertionError("the script ended before run of " + scenario);
          }
          return left.pop();
        },
        left);
  }

  private static TracedRun traced(TargetDescription target, Scenario scenario, Run run) {
    List<String> actors = target.actors(scenario.params());
    return new TracedRun(run, new Trace(actors, List.of(POINT), run.hash(), false));
  }

  /** A run of 10 points in which each event took effect where it is anchored. */
  public static Run run(Scenario scenario, Verdict verdict, long hash) {
    List<Fired> fired = scenario.events().stream().map(FakeExecutor::inPlace).toList();
    return new Run(verdict, hash, 10, 2, 3, 0, 12, fired, List.of(), Optional.empty(), List.of());
  }

  public static Run pass(Scenario scenario) {
    return run(scenario, new Verdict.Pass(), scenario.hashCode());
  }

  public static Run found(Scenario scenario, Title title) {
    return run(scenario, new Verdict.Found(new Finding(title, "by the fake")), scenario.hashCode());
  }

  private static Fired inPlace(Event event) {
    return new Fired(
        Fired.Fate.FIRED, event.at().point(), event.at().site().orElse(""), event.at().nth());
  }

  /** The scenarios that were run, in order. */
  public List<Scenario> ran() {
    return List.copyOf(ran);
  }

  public List<RunMode> modes() {
    return List.copyOf(modes);
  }

  @Override
  public Run run(Scenario scenario, RunMode mode) {
    return runTraced(scenario, mode).run();
  }

  @Override
  public TracedRun runTraced(Scenario scenario, RunMode mode) {
    ran.add(scenario);
    modes.add(mode);
    return rule.apply(scenario, mode);
  }

  @Override
  public TargetDescription target() {
    return target;
  }

  @Override
  public void close() {
    if (!script.isEmpty()) {
      throw new AssertionError("not run: " + script);
    }
  }
}
