package dev.cryofuzz.report;

import java.util.List;
import java.util.Optional;

/**
 * What became of a campaign; its findings are told apart.
 *
 * @param version of the cryofuzz that ran it
 * @param seed if any of its jobs ran
 * @param found the folders of its findings; empty: it is not known which are its own
 */
public record CampaignResult(
    String version,
    Optional<Long> seed,
    long milliseconds,
    List<JobResult> jobs,
    Optional<List<String>> found) {
  public CampaignResult {
    jobs = List.copyOf(jobs);
    found = found.map(List::copyOf);
  }

  /** Of which it is not known which findings are its own. */
  public CampaignResult(
      String version, Optional<Long> seed, long milliseconds, List<JobResult> jobs) {
    this(version, seed, milliseconds, jobs, Optional.empty());
  }
}
