package dev.cryofuzz.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A command line, and what came of it. */
record Typed(int code, String out, String err) {
  static Typed on(Bench bench, Object... words) {
    return on(bench, new Stop(), words);
  }

  static Typed on(Bench bench, Stop stop, Object... words) {
    return on(bench, stop, Map.of(), words);
  }

  static Typed on(Bench bench, Stop stop, Map<String, String> environment, Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(stream(out), stream(err), false, false);
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    int code = new Shell(new Surroundings(console, bench, stop, environment)).run(arguments);
    return new Typed(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
