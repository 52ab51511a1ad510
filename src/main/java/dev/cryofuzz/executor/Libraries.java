package dev.cryofuzz.executor;

import dev.cryofuzz.sys.Spawn;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The shared objects of the user's that are targets, by name. They are in the environment: workers
 * know them without being told.
 */
final class Libraries {
  /** Lines of NAME=PATH. */
  private static final String VARIABLE = "CRYOFUZZ_TARGETS";

  private Libraries() {}

  static Optional<Path> of(String name) {
    return Optional.ofNullable(all().get(name)).map(Path::of);
  }

  static synchronized void add(String name, Path library) {
    Map<String, String> all = all();
    String known = all.put(name, library.toString());
    if (known != null && !isSame(known, library)) {
      throw new IllegalArgumentException(
          library + ": its name is that of " + known + ", too: " + name + "; one at a time");
    }
    Spawn.export(
        VARIABLE,
        all.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n")));
  }

  private static boolean isSame(String known, Path library) {
    return Path.of(known).toAbsolutePath().normalize().equals(library.toAbsolutePath().normalize());
  }

  private static Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    Spawn.exported(VARIABLE).orElse("").lines().forEach(line -> put(all, line));
    return all;
  }

  private static void put(Map<String, String> all, String line) {
    int end = line.indexOf('=');
    if (end > 0) {
      all.put(line.substring(0, end), line.substring(end + 1));
    }
  }
}
