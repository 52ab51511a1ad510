package dev.cryofuzz.export;

import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.scenario.Scenario;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A failing run of the target criu.
 *
 * @param summary what is said of its variant
 * @param evidence in which the target tells of its tree (harness/targets/criu/told.c)
 * @param params the values of all of the target's
 */
public record CriuRun(
    Finding finding,
    Scenario scenario,
    String summary,
    String evidence,
    Map<String, Integer> params) {
  private static final Pattern TREE = Pattern.compile("(?m)^tree: (.*)$");

  /** What can't be had by calling criu from a shell, by params that are not 0 then. */
  private static final Map<String, String> BEYOND =
      Map.of(
          "dies-at", "criu is killed at one of its calls, which takes a tracer",
          "fails-at", "one of criu's calls fails, which takes a tracer",
          "hurt", "one of criu's calls fails, which takes a tracer",
          "fault", "it makes one of criu's own faults",
          "log", "what criu says is not read by whom it is for",
          "way", "its pages go to a second criu",
          "code", "a child of its tree stands where only another program can bring it",
          "beside", "several trees are dumped at a time");

  public CriuRun {
    params = Map.copyOf(params);
  }

  /** Throws Refusal if a script can't make it. */
  Map<String, String> tree() {
    BEYOND.forEach(
        (param, reason) -> {
          if (params.getOrDefault(param, 0) != 0) {
            throw new Refusal(reason);
          }
        });
    if (params.getOrDefault("rounds", 1) > 1) {
      throw new Refusal("it is dumped and restored more than once");
    }
    Map<String, String> tree = told();
    boolean own = scenario.variant().equals("real") || !tree.get("minds").equals("nothing");
    if (!own || !tree.get("spoils").equals("0")) {
      throw new Refusal(
          "what " + scenario.variant() + " shows is a bug planted beside criu, not criu's own");
    }
    return tree;
  }

  private Map<String, String> told() {
    Matcher matcher = TREE.matcher(evidence);
    if (!matcher.find()) {
      throw new Refusal("it failed before there was a tree");
    }
    Map<String, String> tree = new HashMap<>();
    for (String word : matcher.group(1).split(" ")) {
      String[] parts = word.split("=", 2);
      tree.put(parts[0], parts[1]);
    }
    return tree;
  }

  /** Whether criu itself says no, and not the tree. */
  boolean refuses() {
    return finding.title().site().matches("criu\\.(dump|restore)");
  }

  static List<String> items(Map<String, String> tree) {
    return Stream.of(tree.get("carries").split(","))
        .filter(item -> !item.equals("nothing"))
        .toList();
  }

  /** As in "1ull << TREE_GATE | 1ull << TREE_IPC". */
  static String bits(List<String> names) {
    return names.isEmpty()
        ? "0"
        : names.stream()
            .map(name -> "1ull << TREE_" + name.toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(" | "));
  }
}
