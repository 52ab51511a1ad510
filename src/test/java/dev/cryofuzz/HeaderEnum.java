package dev.cryofuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names in an enum of a C header, in their order. */
public final class HeaderEnum {
  private HeaderEnum() {}

  /** Without the prefix, e.g. names("control.h", "cf_op", "CF_OP_"). */
  public static List<String> names(String header, String name, String prefix) throws IOException {
    String text = Files.readString(Golden.home().resolve("harness/include").resolve(header));
    Matcher body = Pattern.compile("enum " + name + " \\{([^}]*)\\}").matcher(text);
    if (!body.find()) {
      throw new IllegalStateException(header + ": no enum " + name);
    }
    String code = body.group(1).replaceAll("(?s)/\\*.*?\\*/", "");
    List<String> names = new ArrayList<>();
    Matcher item = Pattern.compile("\\b" + prefix + "(\\w+)").matcher(code);
    while (item.find()) {
      names.add(item.group(1));
    }
    return names;
  }
}
