package dev.cryofuzz.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A campaign for programs: the file campaign.json. */
public final class CampaignJson {
  static final int FORMAT = 1;

  private CampaignJson() {}

  public static String of(CampaignResult campaign) {
    ObjectNode root = Json.object();
    root.put("cryofuzz", FORMAT);
    root.put("version", campaign.version());
    campaign.seed().ifPresent(seed -> root.put("seed", seed));
    root.put("milliseconds", campaign.milliseconds());
    ArrayNode jobs = root.putArray("jobs");
    campaign.jobs().forEach(job -> add(jobs.addObject(), job));
    campaign
        .found()
        .ifPresent(
            found -> {
              ArrayNode names = root.putArray("findings");
              found.forEach(names::add);
            });
    return Json.pretty(root);
  }

  private static void add(ObjectNode node, JobResult job) {
    node.put("target", job.target());
    node.put("variant", job.variant());
    node.put("memory", job.memory());
    node.put("ending", job.ending().text());
    if (!job.reason().isEmpty()) {
      node.put("reason", job.reason());
    }
    node.put("runs", job.runs());
    node.put("corpus", job.corpus());
    node.put("features", job.features());
    node.put("milliseconds", job.milliseconds());
  }

  /** Throws IllegalArgumentException with what is wrong. */
  public static CampaignResult read(String text) {
    JsonNode root = Json.read(text);
    Json.check(root, FORMAT);
    List<JobResult> jobs = new ArrayList<>();
    Json.need(root, "jobs").forEach(job -> jobs.add(job(job)));
    return new CampaignResult(
        Json.text(root, "version"),
        root.has("seed") ? Optional.of(Json.number(root, "seed")) : Optional.empty(),
        Json.number(root, "milliseconds"),
        jobs,
        root.has("findings") ? Optional.of(names(root.get("findings"))) : Optional.empty());
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(
        name -> {
          if (!name.isTextual()) {
            throw new IllegalArgumentException("\"findings\": expected names of folders");
          }
          names.add(name.asText());
        });
    return names;
  }

  private static JobResult job(JsonNode node) {
    return new JobResult(
        Json.text(node, "target"),
        Json.text(node, "variant"),
        Json.text(node, "memory"),
        JobResult.Ending.of(Json.text(node, "ending")),
        node.has("reason") ? Json.text(node, "reason") : "",
        Json.number(node, "runs"),
        Json.integer(node, "corpus"),
        Json.integer(node, "features"),
        Json.number(node, "milliseconds"));
  }
}
