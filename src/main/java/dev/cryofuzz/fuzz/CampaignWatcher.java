package dev.cryofuzz.fuzz;

import java.time.Duration;

/** Is told what happens in a campaign, by the thread that runs it. */
public interface CampaignWatcher {
  void started(Job job);

  /** A title that its worker had not seen before. */
  void sighted(Job job, Sighting sighting);

  /** A worker has died of something else than a finding; another one goes on. */
  void died(Job job, String evidence);

  /** A job is given up: our own or the machine's fault. */
  void failed(Job job, String reason);

  /** Some ten times a second. */
  void tick(Job job, Duration elapsed, Progress total);
}
