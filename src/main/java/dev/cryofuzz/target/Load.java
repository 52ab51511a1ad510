package dev.cryofuzz.target;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a target must stand.
 *
 * @param params all others have their defaults
 * @param reaches a fact that must come in some run
 */
public record Load(
    String name, SortedMap<String, Integer> params, String what, Optional<String> reaches) {
  /**
   * @param params as in "writers=3 messages=4"
   */
  static Load of(String name, String params, String what, Optional<String> reaches) {
    SortedMap<String, Integer> values = new TreeMap<>();
    for (String param : params.split(" ")) {
      int equals = param.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("load " + name + ": params=" + params);
      }
      values.put(param.substring(0, equals), Integer.parseInt(param.substring(equals + 1)));
    }
    return new Load(name, values, what, reaches);
  }
}
