package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cryofuzz.Golden;
import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.RunMode;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From a source of the user's to a scenario that replays, and every mistake on the way. */
@Tag("process")
@Timeout(120)
class OwnTargetTest {
  @TempDir Path temp;

  private Path source(String name, String ending) throws IOException {
    Path template = Golden.home().resolve("harness/templates/target" + ending);
    Path source = temp.resolve(name + ending);
    return Files.writeString(source, Files.readString(template).replace("@NAME@", name));
  }

  private static Typed type(Object... words) {
    return Typed.on(new NativeBench(), words);
  }

  private Path built(String name, String ending, Object... options) throws IOException {
    Path so = temp.resolve(name + ".so");
    Object[] words =
        Stream.concat(
                Stream.of("cc", source(name, ending), "-o", so, "-Wall", "-Wextra", "-Werror"),
                Stream.of(options))
            .toArray();
    assertThat(type(words)).isEqualTo(new Typed(0, "", ""));
    return so;
  }

  @ParameterizedTest
  @CsvSource({"slotc, .c, -std=c11", "slotcc, .cc, -std=c++17"})
  void whatIsWrittenToBeginWithWorks(String name, String ending, String standard) throws Exception {
    Path so = built(name, ending, standard, "-pedantic");
    Object[] fuzz = {"fuzz", "--target", so, "--corpus", Files.createDirectory(temp.resolve("c"))};
    assertExit(0, Stream.concat(Stream.of(fuzz), Stream.of("--runs", 2000)));
    assertExit(
        1,
        Stream.concat(
            Stream.of(fuzz), Stream.of("--variant", "relaxed", "--time", "60s", "--first")));
    Typed replayed =
        type(
            "replay",
            "--as-expected",
            "--target",
            so,
            temp.resolve("findings/stale-read-in-" + name + "-read"));
    assertThat(replayed.code()).as(replayed.err()).isZero();
  }

  /** So a seed means the same campaign, whatever else the target is linked with. */
  @Test
  void codeIsCountedAlikeWhereverItLies() throws Exception {
    byte[] here = counters(built("slot", ".c"));
    byte[] elsewhere = counters(built("slot", ".c", "-Wl,-Ttext-segment=0x10000"));
    assertThat(here).contains((byte) 1).isEqualTo(elsewhere);
  }

  private static byte[] counters(Path so) {
    NativeBench bench = new NativeBench();
    String target = bench.use(so);
    try (Executor executor = bench.open(target)) {
      String good = executor.target().defaultVariant().name();
      executor.run(Scenario.of(target, good, MemoryModel.SC), RunMode.KEPT.withFeedback());
      return executor.takeFeedback();
    }
  }

  /** The programs are those of the C check `languages`, which knows what else they come to. */
  @ParameterizedTest
  @CsvSource({
    "c11.c, -std=gnu11, unlocked-look, deadlock-in-c11-main",
    "cxx.cc, -std=gnu++17, unlocked-look, deadlock-in-cxx-main",
    "cxx.cc, -std=gnu++17, locked-crosswise, deadlock-in-cxx-main",
    "cxx20.cc, -std=gnu++20, counts-early, invariant-in-cxx20-sum"
  })
  void ordinaryThreadedProgramsAreActors(
      String program, String standard, String variant, String finding) throws Exception {
    Path so = temp.resolve(program.replaceFirst("\\..*", ".so"));
    Path source = Golden.home().resolve("harness/tests/targets").resolve(program);
    assertThat(type("cc", standard, source, "-o", so)).isEqualTo(new Typed(0, "", ""));
    assertExit(
        1,
        Stream.of(
            "fuzz",
            "--target",
            so,
            "--variant",
            variant,
            "--time",
            "60s",
            "--first",
            "--corpus",
            Files.createDirectory(temp.resolve("c"))));
    assertThat(temp.resolve("findings").resolve(finding)).isDirectory();
  }

  /** In a process of its own, where workers find what they are told. */
  private void assertExit(int code, Stream<Object> words) throws Exception {
    Object[] all = Stream.concat(words, Stream.of("--out", temp.resolve("findings"))).toArray();
    try (CommandLineProcess process = CommandLineProcess.start(temp, all)) {
      assertThat(process.await().code()).as(process.out() + process.said()).isEqualTo(code);
    }
  }

  private Path scenario(Path folder, String target, String library) throws IOException {
    return Files.writeString(
        Files.createDirectories(folder).resolve("scenario.json"),
        """
        { "cryofuzz": 1,
          "target": "%s", "variant": "release", "memory": "weak",
          "params": {},
          "library": "%s",
          "events": [] }
        """
            .formatted(target, library));
  }

  /** It may be somebody else's, and what is loaded runs. */
  @Test
  void whatAScenarioNamesIsNotLoadedUnlessTheUserNamesIt() throws Exception {
    Path so = built("mine", ".c");
    Path file = scenario(temp.resolve("f"), "mine", so.toString());
    for (Object[] words :
        new Object[][] {
          {"replay", file},
          {"show", file},
          {"minimize", file},
          {"corpus", "check", temp.resolve("f")}
        }) {
      Typed typed = type(words);
      assertThat(typed.code()).as(words[0].toString()).isEqualTo(2);
      assertThat(typed.err())
          .contains("scenario.json: its target mine is a program of its own, " + so)
          .contains("expected: --target PATH/mine.so");
    }
    assertThat(type("replay", "--target", so, file).code()).isZero();
    assertThat(type("corpus", "check", "--target", so, temp.resolve("f")).code()).isZero();
  }

  @Test
  void namesOfOurOwnTargetsAreTaken() throws Exception {
    assertRefused(built("queue", ".c"), 2, "its name is that of one of cryofuzz's own targets");
    Path own = Golden.home().resolve("harness/build/targets/queue.so");
    assertThat(type("targets", own).out()).startsWith("queue: ");
  }

  @Test
  void twoOfOneNameAreNotMixedUp() throws Exception {
    Path one = built("twin", ".c");
    Path other = Files.copy(one, temp.resolve("other.so"));
    Files.copy(temp.resolve("twin.sites"), temp.resolve("other.sites"));
    Typed typed = type("targets", one, other);
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("its name is that of ").contains("one at a time");
  }

  private static void assertRefused(Path so, int code, String why) {
    assertRefused(type("targets", so), code, why);
  }

  private static void assertRefused(Typed typed, int code, String why) {
    assertThat(typed.err()).contains(why).doesNotContain("\tat ");
    assertThat(typed.code()).isEqualTo(code);
  }

  /** Each is one that somebody makes: what to put where in the template, and what must be said. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "no role",
            "{ \"writer\", NULL, writer },\n\t{ \"reader\", NULL, reader },",
            "",
            "it has no role"),
        mistake(
            "two roles of one name",
            "{ \"reader\", NULL, reader }",
            "{ \"writer\", NULL, reader }",
            "role writer: declared twice"),
        mistake(
            "role without code", "NULL, reader }", "NULL, NULL }", "role reader: run is missing"),
        mistake(
            "a count that is no param",
            "\"reader\", NULL",
            "\"reader\", \"readers\"",
            "role reader: count names no param: 'readers'"),
        mistake(
            "default out of range", "1, 8, 2", "1, 8, 9", "param messages: def=9 is not within"),
        mistake(
            "bounds turned round", "1, 8, 2", "8, 1, 2", "param messages: min=8 is above max=1"),
        mistake("no variant", "variants[] = {", "variants[] = { { 0 },", "it has no variant"),
        mistake(
            "a title that is none",
            "stale-read in wrong.read\" }",
            "stale\" }",
            "variant relaxed: expect is \"stale\", no title"),
        mistake(
            "a fact under none",
            ".abi = CF_TARGET_ABI,",
            ".abi = CF_TARGET_ABI,\n\t.facts = (const struct cf_fact_spec[]) {\n"
                + "\t\t{ \"X1\", \"M1\", \"lost\", 0 }, { 0 } },",
            "fact X1: there is no other fact 'M1'"),
        mistake(
            "a load that can't be",
            ".abi = CF_TARGET_ABI,",
            ".abi = CF_TARGET_ABI,\n\t.loads = (const struct cf_load_spec[]) {\n"
                + "\t\t{ \"limit\", \"messages=9\", \"too much\", NULL }, { 0 } },",
            "load limit: no param messages can be 9"),
        mistake(
            "a name with a blank",
            ".name = \"wrong\"",
            ".name = \"my own\"",
            "its name is 'my own', expected a name like"),
        mistake(
            "another version",
            ".abi = CF_TARGET_ABI",
            ".abi = 99",
            "was built for version 99 of cryofuzz.h"),
        mistake(
            "too much memory",
            "sizeof(struct shared),",
            "1 << 20,",
            "shared_size=1048576, at most 65536"),
        mistake(
            "no descriptor",
            "CRYOFUZZ_TARGET =",
            "const struct cf_target cryofuzz_target =",
            "is no cryofuzz target"));
  }

  private static Arguments mistake(String what, String from, String to, String message) {
    return arguments(what, from, to, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsTold(String what, String from, String to, String message) throws Exception {
    Path source = changed(from, to);
    assertRefused(type("cc", source, "-o", temp.resolve("wrong.so")), 2, message);
    assertRefused(temp.resolve("wrong.so"), 2, message);
  }

  private Path changed(String from, String to) throws IOException {
    Path source = source("wrong", ".c");
    String text = Files.readString(source);
    assertThat(text).contains(from);
    return Files.writeString(source, text.replace(from, to));
  }

  @Test
  void whatTheCompilerSaysIsShownAsItIs() throws Exception {
    Typed typed = type("cc", changed("int slot;", "integer slot;"), "-o", temp.resolve("wrong.so"));
    assertRefused(typed, 2, "wrong.c:");
    assertThat(temp.resolve("wrong.so")).doesNotExist();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments("*(volatile int *)8 = 1;", "signal 11 (SIGSEGV)"),
        arguments("while (1) ppoll(0, 0, 0, 0);", "does a constructor hang?"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aTargetThatDiesWhileItIsLoadedIsAFault(String body, String message) throws Exception {
    String constructor =
        "#define _GNU_SOURCE\n#include <poll.h>\n__attribute__((constructor)) static void early(void) { "
            + body
            + " }\n#include <stdatomic.h>";
    Path so = temp.resolve("wrong.so");
    assertThat(type("cc", changed("#include <stdatomic.h>", constructor), "-o", so).code())
        .isEqualTo(3);
    assertRefused(so, 3, message);
  }

  @Test
  void aCrashInTheSetUpIsAFault() throws Exception {
    Path so = temp.resolve("wrong.so");
    Path source = changed(".check = check", ".check = check, .init = (void (*)(void))8");
    assertThat(type("cc", source, "-o", so).code()).isZero();
    Typed typed = type("fuzz", "--target", so, "--runs", 1, "--out", temp.resolve("out"));
    assertRefused(typed, 3, "target crashed in its set-up: signal 11 (SIGSEGV)");
  }

  @Test
  void whatIsNoTargetAtAllIsTold() throws Exception {
    Path text = Files.writeString(temp.resolve("text.so"), "#!/bin/sh\n");
    assertRefused(text, 2, "is no shared object");
    assertRefused(temp.resolve("nothing.so"), 2, "No such file or directory");
    Path foreign = built("foreign", ".c");
    byte[] bytes = Files.readAllBytes(foreign);
    bytes[18] = (byte) 183;
    Files.write(foreign, bytes);
    assertRefused(foreign, 2, "is built for aarch64, this is ");
  }
}
