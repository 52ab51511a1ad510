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

/** Where the commands get targets, executors and workers from; tests have one of their own. */
interface Bench {
  /** Names of all targets that are built, sorted. */
  List<String> targets();

  /** Throws {@link UsageError} if there is no such target. */
  TargetDescription describe(String target);

  /**
   * A shared object of the user's is a target, too, from now on; gives its name. Throws {@link
   * UsageError} if it is none.
   */
  default String use(Path library) {
    throw new UsageError(library + ": only targets that are built here");
  }

  /** The name of a target that the user has named so, or by the path of its shared object. */
  default String named(String text) {
    return text.contains("/") || text.endsWith(".so") ? use(Path.of(text)) : text;
  }

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
