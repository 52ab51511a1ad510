package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts compared with files below src/test/resources/golden; -Dgolden.rewrite=true writes them. */
final class Golden {
  private static final Path HOME = Path.of(System.getProperty("cryofuzz.home", "."));
  private static final Path FOLDER = HOME.resolve("src/test/resources/golden/report");

  private Golden() {}

  static void assertSame(String name, String text) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).as("to write it anew: mvn test -Dgolden.rewrite=true").exists();
    assertThat(text).isEqualTo(Files.readString(file));
  }
}
