package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.FindingStore;
import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Run;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.report.Discovery;
import dev.cryofuzz.report.FindingFiles;
import dev.cryofuzz.report.FindingReport;
import dev.cryofuzz.report.FindingText;
import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * All findings of a campaign. Each is looked into, saved and told before the next one, in the order
 * in which they were seen, by a thread of its own: the campaign goes on meanwhile. Why they fail is
 * found out while none is waiting for that.
 */
final class Findings implements AutoCloseable {
  /** An answer now, if not the simplest, is better than the simplest one next week. */
  private static final long SECONDS_TO_MINIMIZE = 60;

  private static final long SECONDS_TO_MINIMIZE_AFTER_END = 10;

  private record Saved(FindingReport report, Path folder) {}

  private static final Duration TO_EXPLAIN = Duration.ofSeconds(5);
  private static final long EXPLAINING_SEED = 1;
  private static final long SECONDS_TO_END = 600;

  private final Surroundings around;
  private final Path shownAs;
  private final FindingStore store;
  private final boolean explains;
  private final OpenExecutors executors;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "findings"));
  private final Set<List<String>> known = new HashSet<>();
  private final Map<List<Object>, SortedMap<String, String>> environments = new HashMap<>();
  private final Deque<Saved> unexplained = new ArrayDeque<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long lastCall = Long.MAX_VALUE;
  private final List<String> folders = Collections.synchronizedList(new ArrayList<>());
  private volatile int count;
  private volatile boolean fault;

  /**
   * @param shownAs the folder as the user typed it
   * @param explains whether it is to be found out why they fail
   */
  Findings(Surroundings around, FindingStore store, Path shownAs, boolean explains) {
    this.around = around;
    this.store = store;
    this.shownAs = shownAs;
    this.explains = explains;
    this.executors = new OpenExecutors(around.bench());
  }

  /** A title already known of this target and variant is nothing new. */
  void add(Scenario scenario, Finding finding, Optional<Discovery> discovery) {
    String title = finding.title().text();
    if (known.add(List.of(scenario.target(), scenario.variant(), title))) {
      waiting.incrementAndGet();
      thread.execute(() -> look(scenario, finding, discovery));
    }
  }

  /** Saved and told so far. */
  int count() {
    return count;
  }

  /** The names of those in which they are saved. */
  List<String> folders() {
    return List.copyOf(folders);
  }

  /** Whether any of them could not be looked into or saved. */
  boolean fault() {
    return fault;
  }

  private void look(Scenario scenario, Finding finding, Optional<Discovery> discovery) {
    waiting.decrementAndGet();
    around.console().why(() -> "looking into " + finding.title() + why(scenario, discovery));
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_MINIMIZE);
      Triage triage =
          new Triage(
              executors.of(scenario.target()),
              environment(scenario),
              () -> System.nanoTime() > Math.min(end, lastCall));
      tell(triage.report(scenario, finding, discovery));
    } catch (RuntimeException e) {
      fault = true;
      count++;
      around.console().say("cryofuzz: cannot look into " + finding + ": " + e);
      around.console().data("FOUND " + finding.title() + "\n" + ScenarioJson.write(scenario));
    }
    explainWhileNoneIsWaiting();
  }

  private static String why(Scenario scenario, Optional<Discovery> discovery) {
    return " of "
        + Sentences.of(scenario)
        + discovery.map(seen -> ", seen in run " + seen.run()).orElse(", its default run")
        + ": confirmed in fresh processes, minimized, compared with a run that passes";
  }

  /** Asking takes some seconds, and the answers are the same for all findings of a target. */
  private SortedMap<String, String> environment(Scenario scenario) {
    return environments.computeIfAbsent(
        List.of(scenario.target(), Facts.isAboutCriu(scenario)),
        what -> Facts.environment(scenario));
  }

  private void tell(FindingReport report) {
    count++;
    try {
      Path folder = store.save(report.title(), FindingFiles.of(report));
      folders.add(folder.getFileName().toString());
      Path shown = shownAs.resolve(folder.getFileName());
      around.console().data(FindingText.of(report, shown.toString()));
      if (explains
          && Explaining.isQuick(report.scenario(), executors.of(report.scenario().target()))) {
        unexplained.add(new Saved(report, folder));
      }
    } catch (UnwritableFolder e) {
      fault = true;
      around.console().say("cryofuzz: " + e.getMessage() + "; save this as a file yourself:");
      around.console().data(FindingText.of(report, shownAs.toString()));
      around.console().data(ScenarioJson.write(report.scenario()));
    }
  }

  /** One that has to be left off because another finding comes is begun again after that. */
  private void explainWhileNoneIsWaiting() {
    while (!unexplained.isEmpty() && waiting.get() == 0 && !isOver()) {
      if (explain(unexplained.peek())) {
        unexplained.remove();
      }
    }
  }

  private boolean isOver() {
    return System.nanoTime() > lastCall || around.stop().isAsked();
  }

  /** Whether it has come to an end, with a result or without. */
  private boolean explain(Saved finding) {
    FindingReport report = finding.report();
    long end = System.nanoTime() + 2 * TO_EXPLAIN.toNanos();
    BooleanSupplier leftOff = () -> waiting.get() > 0 || isOver();
    BooleanSupplier stopped = () -> leftOff.getAsBoolean() || System.nanoTime() > end;
    Executor executor = executors.of(report.scenario().target());
    Run run = executor.run(report.scenario(), RunMode.KEPT);
    Explained why =
        new Explaining(TO_EXPLAIN, EXPLAINING_SEED, stopped, tried -> {})
            .explain(executor, report.scenario(), report.title(), run);
    if (!leftOff.getAsBoolean() && why.explanation().baseline().failed() > 0) {
      add(finding.folder(), FindingFiles.of(report, why.text()));
    }
    return !leftOff.getAsBoolean();
  }

  /** Beside what was saved: nobody shall find the folder gone meanwhile. */
  private void add(Path place, Map<String, String> files) {
    try {
      Folder folder = Folder.at(place);
      for (String name : List.of(FindingFiles.EXPLANATION, FindingFiles.README)) {
        folder.write(name, files.get(name).getBytes(StandardCharsets.UTF_8));
      }
    } catch (UnwritableFolder e) {
      fault = true;
      around.console().say("cryofuzz: " + e.getMessage());
    }
  }

  /** Waits for those not looked into yet. */
  @Override
  public void close() {
    lastCall = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_MINIMIZE_AFTER_END);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
        fault = true;
        around.console().say("cryofuzz: still busy with findings after " + SECONDS_TO_END + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executors.close();
  }
}
