package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Pace;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Path;
import java.util.List;

/** A bench whose executors tell of each run, for those who want to know what is tried. */
record TellingBench(Bench bench, Console console) implements Bench {
  @Override
  public List<String> targets() {
    return bench.targets();
  }

  @Override
  public TargetDescription describe(String target) {
    return bench.describe(target);
  }

  @Override
  public String use(Path library) {
    return bench.use(library);
  }

  @Override
  public String named(String text) {
    return bench.named(text);
  }

  @Override
  public Executor open(String target) {
    return new TellingExecutor(bench.open(target), console);
  }

  @Override
  public Workers workers(Folder folder, CampaignPlan plan) {
    return bench.workers(folder, plan);
  }

  @Override
  public Bench lane(int number) {
    return new TellingBench(bench.lane(number), console);
  }

  @Override
  public Bench on(Carrier carrier) {
    return new TellingBench(bench.on(carrier), console);
  }

  @Override
  public Pace pace() {
    return bench.pace();
  }
}
