package dev.cryofuzz.cli;

import dev.cryofuzz.fuzz.Job;
import dev.cryofuzz.fuzz.Progress;
import dev.cryofuzz.report.JobResult;
import dev.cryofuzz.report.JobResult.Ending;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What becomes of each job of a campaign. For one thread. */
final class JobResults {
  private record End(Ending ending, String reason) {}

  private final Map<Job, End> ends = new HashMap<>();
  private final Map<Job, Duration> times = new HashMap<>();

  void ended(Job job, Ending ending, String reason) {
    ends.put(job, new End(ending, reason));
  }

  /** It has had so much more time. */
  void spent(Job job, Duration time) {
    times.merge(job, time, Duration::plus);
  }

  /**
   * @param progress of those that ran
   */
  List<JobResult> of(List<Job> jobs, Map<Job, Progress> progress) {
    return jobs.stream()
        .map(job -> result(job, progress.getOrDefault(job, Progress.NONE)))
        .toList();
  }

  private JobResult result(Job job, Progress progress) {
    End end = ends.getOrDefault(job, ending(progress));
    return new JobResult(
        job.target().name(),
        job.variant().name(),
        job.memory().text(),
        end.ending(),
        end.reason(),
        progress.runs(),
        progress.corpus(),
        progress.features(),
        times.getOrDefault(job, Duration.ZERO).toMillis());
  }

  private static End ending(Progress progress) {
    return new End(progress.runs() > 0 ? Ending.RAN : Ending.STOPPED, "");
  }
}
