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
 */
public record Sighting(Path file, long run, long milliseconds) {
  private static final Pattern NAME = Pattern.compile("run-(\\d+)-ms-(\\d+)\\.json");

  static String name(long run, long milliseconds) {
    return String.format("run-%012d-ms-%09d.json", run, milliseconds);
  }

  static Sighting of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException("file=" + file + ": not written by a worker");
    }
    return new Sighting(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
  }
}
