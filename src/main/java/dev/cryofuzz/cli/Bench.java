package dev.cryofuzz.cli;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.fuzz.CampaignPlan;
import dev.cryofuzz.fuzz.Pace;
import dev.cryofuzz.fuzz.Workers;
import dev.cryofuzz.target.TargetDescription;
import java.util.List;

/** Where the commands get targets, executors and workers from; tests have one of their own. */
interface Bench {
  /** Names of all targets that are built, sorted. */
  List<String> targets();

  /** Throws {@link UsageError} if there is no such target. */
  TargetDescription describe(String target);

  /** To be used by one thread, and closed. */
  Executor open(String target);

  Workers workers(Folder folder, CampaignPlan plan);

  /** The same on one processor, to be used by another thread: the n-th, beginning again. */
  default Bench lane(int number) {
    return this;
  }

  /** The same with actors there, wherever they live. */
  default Bench on(Carrier carrier) {
    return this;
  }

  Pace pace();
}
