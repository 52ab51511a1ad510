package dev.cryofuzz.cli;

import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which jobs the user means. Every name must exist somewhere. */
final class JobChoice {
  private final Bench bench;
  private final List<String> targets;
  private final List<String> variants;
  private final MemoryModel memory;
  private final Set<ActionType> extras;
  private final Set<RunOption> options;

  JobChoice(
      Bench bench,
      List<String> targets,
      List<String> variants,
      Optional<String> memory,
      Set<ActionType> extras,
      List<String> options) {
    this.bench = bench;
    this.targets =
        targets.isEmpty() ? bench.targets() : targets.stream().map(bench::named).toList();
    this.variants = variants;
    this.memory = memory.map(JobChoice::model).orElse(MemoryModel.WEAK);
    this.extras = extras;
    this.options = options.stream().map(JobChoice::option).collect(Collectors.toSet());
    checkOptions();
  }

  static MemoryModel model(String name) {
    return MemoryModel.of(name)
        .orElseThrow(
            () ->
                new UsageError(
                    "unknown memory model '" + name + "', there are: " + MemoryModel.names()));
  }

  private static RunOption option(String name) {
    return RunOption.of(name)
        .orElseThrow(
            () -> new UsageError("unknown option '" + name + "', there are: " + RunOption.names()));
  }

  private void checkOptions() {
    for (RunOption option : options) {
      if (!option.isPossibleUnder(memory)) {
        throw new UsageError(
            "--with "
                + option.text()
                + ": needs --memory "
                + option.needs().text()
                + " or a weaker one");
      }
    }
  }

  List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (String name : targets) {
      TargetDescription target = bench.describe(name);
      chosen(target)
          .forEach(variant -> jobs.add(new Job(target, variant, memory, extras, options)));
    }
    checkVariants(jobs);
    if (jobs.isEmpty()) {
      throw new UsageError(
          "no variant of " + String.join(", ", targets) + " is good; name one with --variant");
    }
    return jobs;
  }

  private List<Variant> chosen(TargetDescription target) {
    if (variants.isEmpty()) {
      return target.goodVariants();
    }
    return target.variants().stream().filter(known -> variants.contains(known.name())).toList();
  }

  /** Of several targets each variant needs to be one of some, not of all. */
  private void checkVariants(List<Job> jobs) {
    for (String wanted : variants) {
      if (jobs.stream().noneMatch(job -> job.variant().name().equals(wanted))) {
        throw new UsageError("unknown variant '" + wanted + "', there are:\n" + knownVariants());
      }
    }
  }

  private String knownVariants() {
    return targets.stream()
        .map(bench::describe)
        .map(target -> "  " + target.name() + ": " + names(target))
        .collect(Collectors.joining("\n"));
  }

  private static String names(TargetDescription target) {
    return target.variants().stream().map(Variant::name).collect(Collectors.joining(", "));
  }
}
