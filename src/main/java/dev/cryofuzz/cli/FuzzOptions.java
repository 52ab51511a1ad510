package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.fuzz.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the user wants of a campaign.
 *
 * @param explains whether it finds out why what it finds fails
 * @param carrier where it explores; findings are confirmed in processes
 * @param strategy of the bursts around scenarios
 */
record FuzzOptions(
    List<Job> jobs,
    Optional<Duration> time,
    long runs,
    Optional<Long> seed,
    Path out,
    Optional<Path> corpus,
    boolean first,
    boolean explains,
    boolean feedback,
    boolean structured,
    Carrier carrier,
    Strategy strategy) {}
