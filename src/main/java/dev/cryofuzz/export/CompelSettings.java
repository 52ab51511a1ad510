package dev.cryofuzz.export;

import dev.cryofuzz.report.Sentences;
import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The numbers and words by which the sections of a program of libcompel's follow its scenario. */
final class CompelSettings {
  /** By the param `fails`; the names are those of the sections of calls. */
  private static final List<String> CALLS =
      List.of(
          "socket",
          "bind",
          "listen",
          "accept",
          "send",
          "sendmsg",
          "recv",
          "recvmsg",
          "wait4",
          "waitpid",
          "kill",
          "ptrace",
          "syscall",
          "mmap64",
          "munmap",
          "ftruncate64",
          "open64",
          "fopen64",
          "setns",
          "sigaction",
          "ptrace (peek)",
          "ptrace (poke)",
          "ptrace (close)");

  private static final List<String> ERRORS =
      List.of("EINTR", "ENOMEM", "EMFILE", "EPERM", "ESRCH", "EIO");
  private static final List<String> STOPS = List.of("0", "SIGSTOP", "SIGTSTP", "SIGTTIN");
  private static final int CROWD = 4;
  private static final int SLOW_MILLISECONDS = 100;

  /** By the param `disturbs`. */
  static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGSTOP",
          2, "SIGCONT",
          4, "SIGTSTP",
          5, "SIGTSTP",
          9, "SIGTERM",
          10, "SIGSEGV",
          11, "SIGKILL");

  private static final Set<Integer> STOPPING = Set.of(1, 4);
  private static final Set<Integer> GOING_ON = Set.of(2, 5);

  private final CompelRun run;
  private final StringBuilder out = new StringBuilder();

  private CompelSettings(CompelRun run) {
    this.run = run;
  }

  static String of(CompelRun run) {
    CompelSettings settings = new CompelSettings(run);
    settings.all();
    return settings.out.append('\n').toString();
  }

  /** Those of the parasite. */
  static String ofParasite(CompelRun run) {
    int takes = run.scenario().variant().equals("hears-anyone") ? SLOW_MILLISECONDS : 0;
    return "enum { COMMAND_TAKES = " + takes + " }; /* milliseconds */\n\n";
  }

  private void all() {
    define("TITLE", '"' + run.finding().title().text() + '"');
    number("COMMANDS", run.param("commands"));
    define("STOPPED", STOPS.get(run.param("stopped")));
    // Alone it is what is to be shown; beside something else it is no more than where that begins.
    boolean alone = run.param("disturbs") == 0;
    define("STOPPED_IN_CONTROL", STOPS.get(alone ? 0 : run.param("stopped")));
    if (run.param("layout") != 0) {
      number("SEED", run.param("seed"));
    }
    disturbance();
    failing();
    if (run.param("stranger") != 0) {
      number("STRANGERS", run.param("stranger") == 7 ? CROWD : 1);
    }
    run.damage().ifPresent(this::damage);
    if (run.site().equals("stopped")) {
      number("EXPECT_STOPPED", isToBeStopped() ? 1 : 0);
    }
    answer();
  }

  private void answer() {
    if (run.site().equals("vectors")) {
      define("ANSWER_WORDS", "\"its vector register compares with what it was as %ld\"");
    } else if (run.site().equals("call")) {
      define("ANSWER_WORDS", "\"the call that the victim slept in ended with %ld\"");
    }
  }

  private void disturbance() {
    int kind = run.param("disturbs");
    if (kind == 0) {
      return;
    }
    number("WHEN", run.param("when"));
    define("MOMENT", "(" + CompelWeakness.moment(run.scenario().variant()).orElseThrow() + ")");
    if (SIGNALS.containsKey(kind)) {
      define("SIGNAL", SIGNALS.get(kind));
    }
  }

  private void failing() {
    String variant = run.scenario().variant();
    // In these two the target itself chooses.
    boolean swallows = variant.equals("refusal-swallows");
    if (run.param("fails") == 0 && !swallows) {
      return;
    }
    define("FAILING_CALL", '"' + (swallows ? "fopen64" : CALLS.get(run.param("fails") - 1)) + '"');
    number("FAILING_NUMBER", run.param("nth") + (variant.equals("wait-interrupted") ? 1 : 0));
    define("FAILING_ERROR", ERRORS.get(run.param("error")));
  }

  private void damage(Event event) {
    number("MESSAGE", (int) run.message(event));
    define("DAMAGE_WORDS", '"' + Sentences.of(event.action()) + '"');
  }

  /** What becomes of a frame; the statements of a function. */
  static String effect(Action action) {
    List<Object> arguments = action.arguments();
    return switch (action.type().text()) {
      case "trim" ->
          "\tif (size > %1$s)\n\t\tout[0].size = %1$s;\n\treturn 1;\n".formatted(arguments.get(0));
      case "extend" -> "\tout[0].size += %s;\n\treturn 1;\n".formatted(arguments.get(0));
      case "split" ->
          "\tout[0].size = %1$s;\n\tout[1].size -= %1$s;\n".formatted(arguments.get(0))
              + "\tmemmove(out[1].bytes, out[1].bytes + %s, out[1].size);\n"
                  .formatted(arguments.get(0))
              + "\treturn 2;\n";
      case "empty" -> "\tout[0].size = 0;\n\treturn 2;\n";
      case "duplicate" -> "\treturn 2;\n";
      case "drop" -> "\treturn 0;\n";
      case "rewrite" ->
          "\tmemcpy(out[0].bytes + %d, &(int){ %s }, sizeof(int));\n\treturn 1;\n"
              .formatted(offset((String) arguments.get(0)), arguments.get(1));
      default -> throw new Refusal("plain C has no " + action.text() + " here");
    };
  }

  private static int offset(String field) {
    return List.of("cmd", "ack", "err").indexOf(field) * Integer.BYTES;
  }

  private boolean isToBeStopped() {
    int kind = run.param("disturbs");
    return STOPPING.contains(kind) || (run.param("stopped") > 0 && !GOING_ON.contains(kind));
  }

  private void define(String name, String value) {
    out.append("#define ").append(name).append(' ').append(value).append('\n');
  }

  private void number(String name, int value) {
    define(name, String.valueOf(value));
  }
}
