package dev.cryofuzz.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where we print: data on standard output, talk on standard error. On a terminal the last line of
 * the talk can be a status that is overwritten in place; everything else goes above it.
 */
final class Console {
  private static final String ERASE_LINE = "\r\033[K";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final boolean colour;
  private final Supplier<Optional<String>> fault;
  private boolean statusShown;
  private volatile Loudness loudness = Loudness.USUAL;

  /** How much of what is no answer is told: -q, neither, -v. */
  enum Loudness {
    QUIET,
    USUAL,
    FULL
  }

  Console(PrintStream out, PrintStream err, boolean terminal, boolean colour) {
    this(out, err, terminal, colour, Optional::empty);
  }

  private Console(
      PrintStream out,
      PrintStream err,
      boolean terminal,
      boolean colour,
      Supplier<Optional<String>> fault) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.colour = colour;
    this.fault = fault;
  }

  static Console on(StandardOutput out, PrintStream err, boolean terminal, boolean colour) {
    return new Console(new PrintStream(out), err, terminal, colour, out::fault);
  }

  static Console ofProcess() {
    boolean terminal = isTerminal(2);
    boolean colour = isTerminal(1) && System.getenv("NO_COLOR") == null;
    return on(StandardOutput.ofProcess(), System.err, terminal, colour);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a status line can be shown. */
  boolean isTerminal() {
    return terminal;
  }

  void be(Loudness wanted) {
    loudness = wanted;
  }

  /** What was asked for, and findings. */
  synchronized void data(String text) {
    eraseStatus();
    out.println(text);
    out.flush();
  }

  /** Why not all data reached whoever asked for it. */
  Optional<String> fault() {
    return fault.get();
  }

  /** What went wrong. */
  synchronized void say(String text) {
    eraseStatus();
    err.println(text);
  }

  /** How it goes; not with -q. */
  void talk(String text) {
    if (loudness != Loudness.QUIET) {
      say(text);
    }
  }

  /** What is neither asked for by itself nor a finding: that all is well; not with -q. */
  void remark(String text) {
    if (loudness != Loudness.QUIET) {
      data(text);
    }
  }

  /** What is tried and why; with -v only. */
  void why(Supplier<String> text) {
    if (loudness == Loudness.FULL) {
      say(text.get());
    }
  }

  /** Replaces the status line; only on a terminal. */
  synchronized void status(String text) {
    if (loudness == Loudness.QUIET) {
      return;
    }
    err.print(ERASE_LINE + text);
    err.flush();
    statusShown = true;
  }

  synchronized void eraseStatus() {
    if (statusShown) {
      err.print(ERASE_LINE);
      statusShown = false;
    }
  }

  /** Marks what is good or bad, if whoever reads it can see colours. */
  String good(String text) {
    return paint("32", text);
  }

  String bad(String text) {
    return paint("31;1", text);
  }

  private String paint(String code, String text) {
    return colour ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
