package dev.cryofuzz.fuzz;

import java.util.List;
import java.util.Optional;

/** A running worker as the parent sees it. Belongs to the thread that runs the campaign. */
public interface WorkerLink extends AutoCloseable {
  /** How far its job has come, earlier workers of the same job included. */
  Progress progress();

  /** Titles seen for the first time since this was last asked. */
  List<Sighting> news();

  /** How it ended, or nothing as long as it runs. */
  Optional<Ending> ending();

  /** Ends it if it still runs. What it has written stays, and news can still be asked for. */
  @Override
  void close();

  /** How a worker ended by itself. */
  sealed interface Ending {
    /** All runs done. */
    record Done() implements Ending {}

    /** It gave up and said why: another one would, too. */
    record GaveUp(String reason) implements Ending {}

    /** It died without a word; this is what is known. */
    record Died(String evidence) implements Ending {}
  }
}
