package dev.cryofuzz.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A part that actors play: one actor of its name, or as many as the param {@code count} says. */
public record Role(String name, Optional<String> count) {
  public Role {
    Names.checkName("role", name);
    count.ifPresent(param -> Names.checkName("count", param));
  }

  List<String> actors(Map<String, Integer> values) {
    return count
        .map(param -> IntStream.range(0, values.get(param)).mapToObj(i -> name + i).toList())
        .orElse(List.of(name));
  }
}
