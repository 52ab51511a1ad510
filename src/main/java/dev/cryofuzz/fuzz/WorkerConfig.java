package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a worker is told by the parent, in one file.
 *
 * @param folder where it works: everything it writes goes there
 * @param runs how many, 0 = until it is ended
 * @param cpu where it runs
 * @param carrier where the actors of its runs live
 * @param strategy of the bursts around scenarios
 * @param extras what scenarios may do to actors on request
 * @param options of all its runs
 * @param structured whether scenarios are mutated as such, not as bytes
 * @param feedback whether the counters reach libFuzzer; off only to measure what they are worth
 */
record WorkerConfig(
    String target,
    String variant,
    MemoryModel memory,
    Path folder,
    long seed,
    long runs,
    int cpu,
    Carrier carrier,
    Strategy strategy,
    boolean feedback,
    Set<ActionType> extras,
    boolean structured,
    Set<RunOption> options) {
  static final String FILE = "worker.properties";

  /** The system property that names the file. */
  static final String PROPERTY = "cryofuzz.worker";

  /**
   * Scenarios from libFuzzer, 0 = no limit. Where each may be many runs, the worker itself says
   * when they are enough, for which the plain door has no word.
   */
  long inputs() {
    if (strategy == Strategy.NONE || runs == 0) {
      return runs;
    }
    return structured ? 0 : Math.max(1, runs / Bursts.FEWEST);
  }

  byte[] bytes() {
    Properties properties = new Properties();
    properties.setProperty("target", target);
    properties.setProperty("variant", variant);
    properties.setProperty("memory", memory.text());
    properties.setProperty("folder", folder.toString());
    properties.setProperty("seed", Long.toString(seed));
    properties.setProperty("runs", Long.toString(runs));
    properties.setProperty("cpu", Integer.toString(cpu));
    properties.setProperty("carrier", carrier.name());
    properties.setProperty("strategy", strategy.name());
    properties.setProperty("feedback", Boolean.toString(feedback));
    properties.setProperty("extras", names(extras));
    properties.setProperty("structured", Boolean.toString(structured));
    properties.setProperty(
        "options", options.stream().map(RunOption::text).sorted().collect(Collectors.joining(" ")));
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new AssertionError("a StringWriter does not fail", e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String names(Set<ActionType> types) {
    return types.stream().map(ActionType::text).sorted().collect(Collectors.joining(" "));
  }

  private static Set<ActionType> types(String names) {
    return Arrays.stream(names.split(" "))
        .filter(name -> !name.isEmpty())
        .map(name -> ActionType.of(name).orElseThrow())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<RunOption> options(String names) {
    return Arrays.stream(names.split(" "))
        .filter(name -> !name.isEmpty())
        .map(name -> RunOption.of(name).orElseThrow())
        .collect(Collectors.toUnmodifiableSet());
  }

  static WorkerConfig read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new WorkerConfig(
        properties.getProperty("target"),
        properties.getProperty("variant"),
        MemoryModel.of(properties.getProperty("memory")).orElseThrow(),
        Path.of(properties.getProperty("folder")),
        Long.parseLong(properties.getProperty("seed")),
        Long.parseLong(properties.getProperty("runs")),
        Integer.parseInt(properties.getProperty("cpu")),
        Carrier.valueOf(properties.getProperty("carrier")),
        Strategy.valueOf(properties.getProperty("strategy")),
        Boolean.parseBoolean(properties.getProperty("feedback")),
        types(properties.getProperty("extras")),
        Boolean.parseBoolean(properties.getProperty("structured")),
        options(properties.getProperty("options")));
  }
}
