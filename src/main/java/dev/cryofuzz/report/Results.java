package dev.cryofuzz.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What lies in the folder of a campaign: all that reports are made of.
 *
 * @param campaign the last one; of older folders nothing is known
 * @param findings by the names of their folders
 * @param progress how the last campaign went, in the order of time
 * @param sources where the files lie that places name, as forges name them; not all are known
 */
public record Results(
    String version,
    Optional<CampaignResult> campaign,
    List<SavedFinding> findings,
    List<Sample> progress,
    Map<String, String> sources) {
  public Results {
    findings = List.copyOf(findings);
    progress = List.copyOf(progress);
    sources = Map.copyOf(sources);
  }

  List<JobResult> jobs() {
    return campaign.map(CampaignResult::jobs).orElse(List.of());
  }

  /** All targets of which anything is known, by name. */
  List<String> targets() {
    return Stream.concat(
            jobs().stream().map(JobResult::target),
            findings.stream().map(finding -> finding.scenario().target()))
        .distinct()
        .sorted()
        .toList();
  }

  /** Where to look: the line, else the scenario in the finding's folder. */
  Place place(SavedFinding finding) {
    return finding
        .place()
        .map(this::located)
        .orElse(new Place(finding.folder() + "/" + FindingFiles.SCENARIO, 1));
  }

  Place located(Place place) {
    return new Place(sources.getOrDefault(place.file(), place.file()), place.line());
  }
}
