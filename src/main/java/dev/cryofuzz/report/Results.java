package dev.cryofuzz.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What lies in the folder of a campaign: all that reports are made of.
 *
 * @param campaign the last one; of older folders nothing is known
 * @param findings by the names of their folders, those of the last campaign
 * @param older those that other campaigns have left there
 * @param progress how the last campaign went, in the order of time
 * @param sources where the files lie that places name, as forges name them; not all are known
 */
public record Results(
    String version,
    Optional<CampaignResult> campaign,
    List<SavedFinding> findings,
    List<SavedFinding> older,
    List<Sample> progress,
    Map<String, String> sources) {
  public Results {
    findings = List.copyOf(findings);
    older = List.copyOf(older);
    progress = List.copyOf(progress);
    sources = Map.copyOf(sources);
  }

  /** Without any that are older. */
  public Results(
      String version,
      Optional<CampaignResult> campaign,
      List<SavedFinding> findings,
      List<Sample> progress,
      Map<String, String> sources) {
    this(version, campaign, findings, List.of(), progress, sources);
  }

  /** The findings apart, of all that lie in the folder. */
  public static Results of(
      String version,
      Optional<CampaignResult> campaign,
      List<SavedFinding> all,
      List<Sample> progress,
      Map<String, String> sources) {
    Optional<List<String>> own = campaign.flatMap(CampaignResult::found);
    Map<Boolean, List<SavedFinding>> parts =
        all.stream()
            .collect(
                Collectors.partitioningBy(
                    finding -> own.map(names -> names.contains(finding.folder())).orElse(true)));
    return new Results(version, campaign, parts.get(true), parts.get(false), progress, sources);
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
