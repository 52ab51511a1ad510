package dev.cryofuzz.fuzz;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A title seen for the first time by a worker.
 *
 * @param file the failing scenario, with the title as what it is expected to cause
 * @param run the number of the run, from 1
 * @param milliseconds since the worker was ready
 * @param opening whether it is one of those that every campaign begins with, whatever its seed
 */
public record Sighting(Path file, long run, long milliseconds, boolean opening) {
  private static final Pattern NAME = Pattern.compile("run-(\\d+)-ms-(\\d+)(-opening)?\\.json");

  static String name(long run, long milliseconds, boolean opening) {
    return String.format("run-%012d-ms-%09d%s.json", run, milliseconds, opening ? "-opening" : "");
  }

  static Sighting of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException("file=" + file + ": not written by a worker");
    }
    return new Sighting(
        file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), name.group(3) != null);
  }
}
