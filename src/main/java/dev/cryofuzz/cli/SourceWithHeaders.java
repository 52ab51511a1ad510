package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a target's C file with the headers that lie beside it in place of what includes them;
 * cryofuzz.h is left to others. Headers of headers are not looked for.
 */
final class SourceWithHeaders {
  private static final Pattern OWN =
      Pattern.compile("(?m)^#include \"(?!cryofuzz\\.h\")([^\"]*)\"$");

  private SourceWithHeaders() {}

  /** Throws UsageError if there are other files than these. */
  static String of(Path source, String target) {
    String text = read(source);
    StringBuilder whole = new StringBuilder();
    Matcher include = OWN.matcher(text);
    while (include.find()) {
      long line = text.substring(0, include.start()).lines().count() + 2;
      String header = header(source, include.group(1), target);
      String there =
          "#line 1 \"%s\"\n%s#line %d \"%s\""
              .formatted(include.group(1), header, line, source.getFileName());
      include.appendReplacement(whole, Matcher.quoteReplacement(there));
    }
    return include.appendTail(whole).toString();
  }

  private static String header(Path source, String name, String target) {
    Path header = source.resolveSibling(name);
    if (name.contains("/") || !Files.isRegularFile(header) || OWN.matcher(read(header)).find()) {
      throw new UsageError("can't export " + target + ": not one C file, with headers beside it");
    }
    return read(header);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new HarnessException(file + " can't be read", e);
    }
  }
}
