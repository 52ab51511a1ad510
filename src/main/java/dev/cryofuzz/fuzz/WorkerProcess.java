package dev.cryofuzz.fuzz;

import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A worker in a process of its own. Its exit code says nothing: what it wrote does. */
final class WorkerProcess implements WorkerLink {
  /** It only has to notice that its lifeline is gone, on a machine that may be busy. */
  private static final Duration TIME_TO_END = Duration.ofSeconds(5);

  private final Child child;
  private final WorkerRecord record;

  WorkerProcess(Child child, WorkerRecord record) {
    this.child = child;
    this.record = record;
  }

  @Override
  public Progress progress() {
    return record.progress();
  }

  @Override
  public List<Sighting> news() {
    return record.news();
  }

  @Override
  public Optional<Ending> ending() {
    return child.poll().map(this::ending);
  }

  private Ending ending(Exit exit) {
    if (record.isDone()) {
      return new Ending.Done();
    }
    if (exit.code() == FuzzTarget.GAVE_UP) {
      return new Ending.GaveUp(record.failure().orElseGet(record::lastLines));
    }
    return new Ending.Died("worker ended with " + exit + "\n" + record.lastLines());
  }

  @Override
  public void close() {
    child.dropLifeline();
    child.await(TIME_TO_END);
    child.close();
  }
}
