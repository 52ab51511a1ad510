package dev.cryofuzz.executor;

import dev.cryofuzz.target.TargetDescription;
import java.util.List;
import java.util.Map;

/**
 * Who plays in a scenario with given params. Remembers the last answer, as params rarely change.
 */
final class Cast {
  private final TargetDescription target;
  private Map<String, Integer> lastParams;
  private List<String> actors;

  Cast(TargetDescription target) {
    this.target = target;
  }

  List<String> actors(Map<String, Integer> params) {
    if (!params.equals(lastParams)) {
      actors = target.actors(params);
      lastParams = params;
    }
    return actors;
  }
}
