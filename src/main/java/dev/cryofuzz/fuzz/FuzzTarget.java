package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.NativeExecutor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.finding.Title;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.sys.CoverageCounters;
import dev.cryofuzz.sys.Cpu;
import dev.cryofuzz.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * What Jazzer calls in a worker, all of it from one thread. There is one worker in a process, so it
 * is kept in a static.
 */
public final class FuzzTarget {
  /** The exit code of a worker that gave up; its parent reads the reason from a file. */
  static final int GAVE_UP = 3;

  private static final String DRIVER = "jazzer_driver";

  /** Its initializer loads the driver, which otherwise happens only after ours. */
  private static final String DRIVER_CLASS =
      "com.code_intelligence.jazzer.runtime.FuzzTargetRunnerNatives";

  private static WorkerFolder folder;
  private static Worker worker;

  private FuzzTarget() {}

  /** Does not return if the worker is told to mutate scenarios itself: see StructuredRunner. */
  public static void fuzzerInitialize() throws IOException, UnwritableFolder {
    Lifeline.hold(System.in);
    WorkerConfig config = WorkerConfig.read(Path.of(System.getProperty(WorkerConfig.PROPERTY)));
    folder = WorkerFolder.in(Folder.at(config.folder()));
    try {
      open(config);
    } catch (RuntimeException | IOException | ReflectiveOperationException | UnwritableFolder e) {
      giveUp(e);
    }
    if (config.structured()) {
      runStructured(config);
    }
  }

  public static void fuzzerTestOneInput(byte[] bytes) {
    Title title = guarded(() -> worker.run(bytes));
    if (title != null) {
      throw new FindingSignal(title);
    }
  }

  /** What goes wrong with the worker itself is no finding: it ends the process. */
  static Title guarded(OneRun run) {
    try {
      return run.run().orElse(null);
    } catch (RuntimeException | UnwritableFolder e) {
      giveUp(e);
      return null;
    }
  }

  /**
   * The same for a mutation: the driver would take an exception for the JVM's end, and say nothing.
   */
  static int orGiveUp(IntSupplier size) {
    try {
      return size.getAsInt();
    } catch (RuntimeException e) {
      giveUp(e);
      return 0;
    }
  }

  /** Gives the title of a finding that is new. */
  interface OneRun {
    Optional<Title> run() throws UnwritableFolder;
  }

  private static void runStructured(WorkerConfig config) {
    List<String> arguments = new ArrayList<>(List.of("cryofuzz", "-len_control=0"));
    arguments.addAll(WorkerCommand.libFuzzerOptions(config, folder));
    byte[][] strings =
        arguments.stream()
            .map(argument -> (argument + "\0").getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    startLibFuzzer(strings);
    fuzzerTearDown();
    Runtime.getRuntime().halt(0);
  }

  /** The driver's class exists only once Jazzer has started, so it is found by name. */
  private static void startLibFuzzer(byte[][] arguments) {
    try {
      Class.forName(DRIVER_CLASS)
          .getMethod("startLibFuzzer", byte[][].class, Class.class, boolean.class)
          .invoke(null, arguments, StructuredRunner.class, true);
    } catch (ReflectiveOperationException e) {
      giveUp(e);
    }
  }

  public static void fuzzerTearDown() {
    worker.close();
  }

  private static void open(WorkerConfig config)
      throws IOException, ReflectiveOperationException, UnwritableFolder {
    NativeExecutor executor =
        Targets.here()
            .openNative(
                config.target(), NativeExecutor.Options.onCpu(config.cpu()).on(config.carrier()));
    RunMode mode = RunMode.KEPT;
    if (config.feedback()) {
      Class.forName(DRIVER_CLASS);
      CoverageCounters.register(DRIVER, executor.feedbackAddress(), executor.feedbackSize());
      mode = mode.withFeedback();
    }
    Job job =
        new Job(
            executor.target(),
            executor.target().variant(config.variant()),
            config.memory(),
            config.extras(),
            config.options());
    Shape shape = job.shape();
    executor.start();
    // Stays for good: this thread and the executor hand over to each other in every run.
    Cpu.pin(config.cpu());
    Outbox outbox = new Outbox(folder, System.nanoTime());
    TracedRun traced = executor.runTraced(shape.defaultRun(), RunMode.KEPT);
    Trace defaultRun = traced.trace();
    Optional<Clerk> clerk =
        job.isCounted()
            ? Optional.of(new Clerk(CensusFile.map(folder.census(), shape), defaultRun))
            : Optional.empty();
    Bursts bursts =
        executor.target().fibers() && !job.isCounted()
            ? new Bursts(
                config.strategy(), config.seed(), config.runs(), traced.run().points(), shape)
            : Bursts.none(config.runs(), shape);
    worker = new Worker(executor, shape, mode, outbox, Tally.map(folder.tally()), clerk, bursts);
    if (config.structured()) {
      List<Event> vocabulary = Vocabulary.of(shape, defaultRun);
      writeSeeds(Openings.of(shape, vocabulary), new ScenarioBytes(shape));
      worker.beginsWith(folder.countSeeds());
      StructuredRunner.serve(worker, new Mutator(shape, vocabulary), new ScenarioBytes(shape));
    }
  }

  /** Beside those of the parent, which has no trace; libFuzzer has not begun to read them. */
  private static void writeSeeds(List<Scenario> scenarios, ScenarioBytes form)
      throws UnwritableFolder {
    for (int i = 0; i < scenarios.size(); i++) {
      folder.writeSeed(String.format("event-%06d", i), form.encode(scenarios.get(i)));
    }
  }

  /** Whatever it is, it is no finding, so Jazzer must not see it. */
  private static void giveUp(Exception why) {
    String reason = why.getMessage() == null ? why.toString() : why.getMessage();
    try {
      folder.root().write("failure", reason.getBytes(StandardCharsets.UTF_8));
    } catch (UnwritableFolder e) {
      // Our output is in the parent's memory, and is told if there is no file.
      System.err.println(reason);
    }
    Runtime.getRuntime().halt(GAVE_UP);
  }
}
