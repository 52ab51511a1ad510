package dev.cryofuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts kept in files and compared; {@code -Dgolden.rewrite=true} writes them anew. */
public final class Golden {
  private static final Path RESOURCES = Path.of("src", "test", "resources");

  private Golden() {}

  public static void assertMatches(String name, String actual) throws IOException {
    Path file = home().resolve(RESOURCES).resolve(name);
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }

  /** The root of the repository. */
  public static Path home() {
    return Path.of(System.getProperty("cryofuzz.home", ".")).toAbsolutePath();
  }

  /** The text of a resource that tests read. */
  public static String resource(String name) throws IOException {
    return Files.readString(home().resolve(RESOURCES).resolve(name));
  }
}
