package dev.cryofuzz.explain;

import dev.cryofuzz.finding.Title;
import java.util.List;

/** Makes the experiments. */
public interface Explorer {
  /** So many are still to be made, the next one among them. */
  default void share(int experiments) {}

  /** How probable it may be that what is said to be a cause is none. */
  double risk();

  /** Runs of an experiment after which nothing more is to be learned, if none of them fails. */
  long enough(Exploration baseline, long most);

  /** So many runs of the experiment, in the same way whatever it changes. */
  Exploration explore(Experiment experiment, Title title, long runs);

  /** The same, but no more once one has failed with the title; then also near its events. */
  Exploration seek(Experiment experiment, Title title, long runs);

  /** Where what matters is done in runs of the experiment: in default ones and in failing ones. */
  List<Place> places(Experiment experiment, Title title);
}
