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
  private static final Pattern HURT = Pattern.compile("(?m)^hurt: (.*)$");
  private static final int A_KILL = 2; // of the param hurt

  /** What can't be had by calling criu from a shell, by params that are not 0 then. */
  private static final Map<String, String> BEYOND =
      Map.of(
          "dies-at", "criu is killed at one of its calls, which takes a tracer",
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
          if (is(param)) {
            throw new Refusal(reason);
          }
        });
    if (params.getOrDefault("rounds", 1) > 1) {
      throw new Refusal("it is dumped and restored more than once");
    }
    Map<String, String> tree = told();
    boolean own =
        scenario.variant().equals("real")
            || !tree.get("minds").equals("nothing")
            || tree.get("expects").equals("1");
    if (!own || !tree.get("spoils").equals("0")) {
      throw new Refusal(
          "what " + scenario.variant() + " shows is a bug planted beside criu, not criu's own");
    }
    return tree;
  }

  /**
   * What is done to criu: "fault", a number for CRIU_FAULT; or "in" ("dump", "restore"), "call",
   * "error", "nth" of a call that fails; empty if nothing is.
   */
  Map<String, String> hurt() {
    boolean dies = params.getOrDefault("hurt", 0) == A_KILL;
    boolean fails = params.getOrDefault("hurt", 0) > A_KILL || is("fails-at");
    Map<String, String> hurt =
        HURT.matcher(evidence)
            .results()
            .flatMap(line -> words(line.group(1)).entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b));
    if (dies || (fails && !hurt.containsKey("call"))) {
      throw new Refusal(
          dies
              ? BEYOND.get("dies-at")
              : "another tracer would count the call of criu's that fails in another way");
    }
    if (is("fault") && !hurt.containsKey("fault")) {
      throw new Refusal("it makes one of criu's own faults in the restore");
    }
    return hurt;
  }

  private boolean is(String param) {
    return params.getOrDefault(param, 0) != 0;
  }

  private Map<String, String> told() {
    Matcher matcher = TREE.matcher(evidence);
    if (!matcher.find()) {
      throw new Refusal("it failed before there was a tree");
    }
    return words(matcher.group(1));
  }

  /** As in "seed=1 place=0". */
  private static Map<String, String> words(String text) {
    Map<String, String> words = new HashMap<>();
    for (String word : text.split(" ")) {
      String[] parts = word.split("=", 2);
      words.put(parts[0], parts[1]);
    }
    return words;
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
