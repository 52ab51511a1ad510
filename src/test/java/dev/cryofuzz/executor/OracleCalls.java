package dev.cryofuzz.executor;

import static java.util.stream.Collectors.toCollection;

import dev.cryofuzz.finding.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the harness raises as findings, read from its C sources: the calls that end a run so. */
final class OracleCalls {
  /**
   * Kinds are in the argument with the first index, or of the function itself; sites in the other.
   */
  private record Raises(int kind, int site, Set<Kind> kinds) {
    static Raises says(int kind, int site) {
      return new Raises(kind, site, Set.of());
    }

    static Raises always(int site, Kind... kinds) {
      return new Raises(-1, site, Set.of(kinds));
    }
  }

  private static final Map<String, Raises> FUNCTIONS =
      Map.of(
          "cf_fail", Raises.says(0, 1),
          "rt_finish", Raises.says(1, 3),
          "ex_found", Raises.says(1, 2),
          "witness_fail", Raises.says(1, 2),
          "wait_in_vain", Raises.always(1, Kind.HANG),
          "wire_give_up", Raises.always(0, Kind.HANG),
          "cf_item_taken", Raises.always(1, Kind.STALE_READ),
          "cf_item_freed", Raises.always(1, Kind.DOUBLE_FREE),
          "cf_items_check", Raises.always(0, Kind.LOST_MESSAGE, Kind.LEAK));

  /** In a site: freeze, stop or checkpoint. */
  static final String FREEZE = "*.";

  /** Whose victims have witnesses. */
  private static final List<String> WITNESSED = List.of("inject.", "compel.");

  /** In the place of a kind: the run ends without one. */
  private static final String NO_FINDING = "CF_NO_KIND";

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");
  private static final Pattern CALL =
      Pattern.compile("(?<!void |int )(?<!\\w)(" + String.join("|", FUNCTIONS.keySet()) + ")\\(");
  private static final Pattern KIND = Pattern.compile("\\bCF_(\\w+)");
  private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

  /**
   * One call. Its titles are "kind in site" for each kind and site that it spells out; none if it
   * computes one of them.
   */
  record Call(String text, Set<String> titles) {}

  private OracleCalls() {}

  static List<Call> in(String source) {
    String code = COMMENT.matcher(source).replaceAll("");
    List<Call> calls = new ArrayList<>();
    Matcher call = CALL.matcher(code);
    while (call.find()) {
      List<String> arguments = arguments(code, call.end());
      if (!arguments.contains(NO_FINDING)) {
        calls.add(call(call.group(1), arguments));
      }
    }
    return calls;
  }

  private static Call call(String function, List<String> arguments) {
    Raises raises = FUNCTIONS.get(function);
    String kind = raises.kind < 0 ? "" : arguments.get(raises.kind);
    String site = arguments.get(raises.site);
    Set<Kind> kinds = raises.kind < 0 ? raises.kinds : kinds(kind);
    return new Call(
        function + "(" + kind + (kind.isEmpty() ? "" : ", ") + site + ")",
        titles(kinds, place(function, texts(site))));
  }

  /** Its site is behind the name of what is done to an actor, or of a target. */
  private static Set<String> place(String function, Set<String> sites) {
    List<String> before =
        switch (function) {
          case "ex_found" -> List.of(FREEZE);
          case "witness_fail" -> WITNESSED;
          default -> List.of("");
        };
    return before.stream()
        .flatMap(name -> sites.stream().map(name::concat))
        .collect(toCollection(LinkedHashSet::new));
  }

  private static Set<String> titles(Set<Kind> kinds, Set<String> sites) {
    Set<String> titles = new LinkedHashSet<>();
    for (Kind kind : kinds) {
      sites.forEach(site -> titles.add(kind.text() + " in " + site));
    }
    return titles;
  }

  private static Set<Kind> kinds(String argument) {
    return KIND.matcher(argument)
        .results()
        .map(name -> name.group(1).toLowerCase(Locale.ROOT).replace('_', '-'))
        .flatMap(name -> Kind.of(name).stream())
        .collect(toCollection(LinkedHashSet::new));
  }

  private static Set<String> texts(String argument) {
    return TEXT.matcher(argument)
        .results()
        .map(text -> text.group(1))
        .collect(toCollection(LinkedHashSet::new));
  }

  /** Those of a call, from behind its parenthesis on. */
  private static List<String> arguments(String code, int from) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    int begin = from;
    for (int at = from; ; at++) {
      char c = code.charAt(at);
      if (quoted) {
        at += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        arguments.add(code.substring(begin, at).strip().replaceAll("\\s+", " "));
        begin = at + 1;
        if (c == ')') {
          return arguments;
        }
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    }
  }
}
