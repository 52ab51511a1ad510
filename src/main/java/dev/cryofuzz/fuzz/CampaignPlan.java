package dev.cryofuzz.fuzz;

import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a campaign is to do.
 *
 * @param time for all jobs together; empty: until it is stopped, or all runs are done
 * @param runs of all jobs together, 0 = no limit
 * @param seeds scenarios to begin with; each job takes those of its target
 * @param feedback whether runs that reach something new are kept to be built upon
 * @param structured whether scenarios are mutated as such, not as bytes
 * @param strategy of the bursts around scenarios
 */
public record CampaignPlan(
    List<Job> jobs,
    Optional<Duration> time,
    long runs,
    long seed,
    List<Scenario> seeds,
    boolean feedback,
    boolean structured,
    Strategy strategy) {
  public CampaignPlan {
    jobs = List.copyOf(jobs);
    seeds = List.copyOf(seeds);
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException("jobs=[]: expected something to do");
    }
  }

  /** What each job may run; at least one, since 0 would be no limit. */
  long runsPerJob() {
    return runs == 0 ? 0 : Math.max(1, runs / jobs.size());
  }
}
