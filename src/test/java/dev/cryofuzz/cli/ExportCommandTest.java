package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.finding.Title;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported is built by both compilers, and fails as the scenario does. */
@Tag("process")
@Timeout(300)
class ExportCommandTest {
  @TempDir Path temp;

  /** A library is loaded once. */
  @TempDir static Path own;

  @BeforeAll
  static void copyTargetsOfOnesOwn() throws IOException {
    Path harness = Golden.home().resolve("harness");
    for (String target : List.of("locks", "pipes")) {
      for (String name : List.of(target + ".so", target + ".sites")) {
        Files.copy(harness.resolve("build/test-targets").resolve(name), own.resolve(name));
      }
      Files.copy(
          harness.resolve("tests/targets").resolve(target + ".c"), own.resolve(target + ".c"));
    }
  }

  private static Path scenario(String name) {
    return Golden.home().resolve("corpus").resolve(name + ".json");
  }

  private static Title title(String name) {
    return CorpusReader.read(List.of(scenario(name))).entries().get(0).scenario().expect().stream()
        .map(Title::parse)
        .findFirst()
        .orElseThrow();
  }

  private static ExportTrial trial(String compiler) {
    return new ExportTrial(Facts.path(compiler).findFirst().orElseThrow());
  }

  /** The command has tried it with gcc already. */
  private String export(String name) throws IOException {
    Path file = temp.resolve("x.c");
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name), "-o", file);
    assertThat(typed).isEqualTo(new Typed(0, file + "\n", ""));
    return Files.readString(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queue/no-barrier",
        "ring/head-without-release",
        "exclusion/peterson-unfenced",
        "lockfree/mpmc-relaxed",
        "shapes/stack",
        "mailbox/two-step",
        "mailbox/lost-signal",
        "monitor/readers-writers-upgrade",
        "robust/not-declared",
        "counted/count-ignored",
        "reaper/jumps",
        "reaper/steals",
        "reaper/swallows",
        "reaper/gives-up"
      })
  void itFailsWithoutCryofuzz(String name) throws Exception {
    assertThat(trial("clang").fault(export(name), title(name), true)).isEmpty();
  }

  /** Values that a weak memory gave are not given where a fence forbids them. */
  @Test
  void theRepairedVariantDoesNotFail() throws Exception {
    String program = export("queue/no-barrier");
    String repaired = program.replace("RUN_VARIANT = 1 }", "RUN_VARIANT = 0 }");
    assertThat(repaired).isNotEqualTo(program);
    assertThat(trial("gcc").fault(repaired, title("queue/no-barrier"), false))
        .hasValueSatisfying(said -> assertThat(said).contains("had no such fence"));
  }

  /** It is tried by the command: that takes the seconds until nobody is taken to go on. */
  @Test
  void aDeadlockIsExportedToo() throws Exception {
    assertThat(export("mailbox/waits-forever"))
        .contains("#define RUN_WAITS \"deadlock in mailbox.client\"");
  }

  /** One who spins for ever is found in the same way. */
  @Test
  void aStandstillOfThoseWhoSpinIsExportedToo() throws Exception {
    assertThat(export("exclusion/mcs-late-flag"))
        .contains("#define RUN_WAITS \"hang in exclusion.worker\"");
  }

  /** Of a target of one's own, with objects that ours have none of. */
  @ParameterizedTest
  @CsvSource({
    "semaphore-of-two, worker0#2, worker1, sem-wait",
    "spin-left-out, worker0#2, worker1, lock",
    "barrier-once, worker1#2, worker0, barrier"
  })
  void otherObjectsAreTakenInTheirOrder(String variant, String at, String to, String object)
      throws Exception {
    Path scenario =
        Files.writeString(
            temp.resolve("two.json"),
            """
            { "cryofuzz": 1, "target": "locks", "variant": "%s", "memory": "sc", "library": "%s",
              "events": [ { "at": "%s", "do": "switch", "to": "%s" } ] }
            """
                .formatted(variant, own.resolve("locks.so"), at, to));
    Typed typed =
        Typed.on(new NativeBench(), "export", "--target", own.resolve("locks.so"), scenario);
    assertThat(typed.code()).as(typed.err()).isZero();
    assertThat(typed.out()).contains(object, "run_passing = {");
  }

  /** A pipe that takes a part of what is written, and one from which a part is read. */
  @ParameterizedTest
  @CsvSource({"clerk1#0, short, 'count', 3", "clerk1#0, fail, 'errno', '\"EINTR\"'"})
  void pipesAreRealOnes(String at, String action, String field, String value) throws Exception {
    Path scenario =
        Files.writeString(
            temp.resolve("pipes.json"),
            """
            { "cryofuzz": 1, "target": "pipes", "variant": "part", "memory": "sc", "library": "%s",
              "events": [ { "at": "clerk0#0", "do": "short", "count": 1 },
                          { "at": "%s", "do": "%s", "%s": %s } ] }
            """
                .formatted(own.resolve("pipes.so"), at, action, field, value));
    Path file = temp.resolve("x.c");
    Typed typed =
        Typed.on(
            new NativeBench(), "export", "--target", own.resolve("pipes.so"), scenario, "-o", file);
    assertThat(typed).isEqualTo(new Typed(0, file + "\n", ""));
    Title title = Title.parse("misread-message in pipes.clerk");
    assertThat(trial("clang").fault(Files.readString(file), title, true)).isEmpty();
  }

  /** Each of what an event does to a message is done again; without it the control passes. */
  @Test
  void withoutItsDamageItDoesNotFail() throws Exception {
    String program = export("mailbox/ignores-over-long");
    String whole = program.replaceAll("(?m)^\\t\\{ \\d, RUN_RECV, \\d, RUN_EXTEND, .*$", "");
    assertThat(whole).isNotEqualTo(program);
    assertThat(trial("gcc").fault(whole, title("mailbox/ignores-over-long"), true))
        .hasValueSatisfying(said -> assertThat(said).contains("does not fail here"));
  }

  @ParameterizedTest
  @CsvSource({
    "spinlock/peeks, 2, a data-race is told by cryofuzz",
    "spinlock/peeks, 2, what ./cryofuzz bundle makes of a finding",
    "boost-spsc/relaxed, 2, is not C",
    "perfring/tail-before-copy, 2, kernel",
    "queue/frozen-hand-off, 5, does not fail"
  })
  void whatCanNotBeExportedIsRefusedWithItsReason(String name, int code, String reason) {
    Typed typed = Typed.on(new NativeBench(), "export", scenario(name));
    assertThat(typed.code()).isEqualTo(code);
    assertThat(typed.out()).isEmpty();
    assertThat(typed.err()).contains(reason);
  }
}
