package dev.cryofuzz.report;

import java.util.List;
import java.util.Optional;

/**
 * What became of a campaign; its findings are told apart.
 *
 * @param version of the cryofuzz that ran it
 * @param seed if any of its jobs ran
 */
public record CampaignResult(
    String version, Optional<Long> seed, long milliseconds, List<JobResult> jobs) {
  public CampaignResult {
    jobs = List.copyOf(jobs);
  }
}
