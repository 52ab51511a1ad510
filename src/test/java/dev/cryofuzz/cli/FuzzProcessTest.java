package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.corpus.Loaded;
import dev.cryofuzz.sys.Exit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns with everything real: the tool, its worker, the native executor, a target. */
@Tag("process")
@Timeout(300)
class FuzzProcessTest {
  private static final String TITLE = "FOUND stale-read in queue.pop";
  private static final Pattern RUN = Pattern.compile("\"run\": (\\d+)");

  @TempDir Path temp;

  private CommandLineProcess fuzz(Object... more) throws IOException {
    return fuzz(List.of(), more);
  }

  private CommandLineProcess fuzz(List<String> before, Object... more) throws IOException {
    Path empty = Files.createDirectories(temp.resolve("empty"));
    Stream<Object> fixed = Stream.of("fuzz", "--corpus", empty);
    return CommandLineProcess.start(temp, before, Stream.concat(fixed, Stream.of(more)).toArray());
  }

  private static Object[] buggy(Path out, Object... more) {
    Stream<Object> fixed =
        Stream.of("--target", "queue", "--variant", "no-barrier", "--memory", "weak", "--out", out);
    return Stream.concat(fixed, Stream.of(more)).toArray();
  }

  @Test
  void aBurstFindsThePlantedBugToo() throws Exception {
    Path out = temp.resolve("out");
    try (CommandLineProcess fuzz =
        fuzz(buggy(out, "--no-explain", "--time", "60s", "--first", "--strategy", "pct"))) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(1, 0));
      assertThat(fuzz.out()).startsWith(TITLE).contains("10/10 in fresh processes, one trace");
    }
  }

  @Test
  void whatIsKnownToPassIsSaid() throws Exception {
    Object[] good = {
      "--target",
      "spinlock",
      "--variant",
      "ticket",
      "--out",
      temp.resolve("out"),
      "--strategy",
      "systematic",
      "--runs",
      20_000
    };
    try (CommandLineProcess fuzz = fuzz(good)) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(0, 0));
      assertThat(fuzz.out())
          .containsPattern(
              "spinlock-ticket-weak: all [0-9,]+ schedules with at most [0-9] switches, all pass");
    }
  }

  @Test
  void thePlantedBugIsFoundMinimizedAndReplayed() throws Exception {
    Path out = temp.resolve("out");
    try (CommandLineProcess fuzz = fuzz(buggy(out, "--time", "60s", "--first"))) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(1, 0));
      assertThat(fuzz.out()).startsWith(TITLE).contains("10/10 in fresh processes, one trace");
    }
    Path folder = out.resolve("stale-read-in-queue-pop");
    assertThat(folder.resolve("explanation.txt"))
        .content()
        .contains("cured by release at queue.c:");
    assertThat(folder.resolve("README.md")).content().contains("cured by release at queue.c:");
    try (CommandLineProcess replay =
        CommandLineProcess.start(temp, "replay", "--as-expected", "--times", 20, folder)) {
      assertThat(replay.await()).as(replay.out() + replay.said()).isEqualTo(new Exit(0, 0));
      assertThat(replay.out()).startsWith("PASS ").contains("20/20 as expected");
    }
  }

  /** Jazzer's own entry, which changes bytes, stays beside the one that changes events. */
  @Test
  void thePlainEntryFindsItToo() throws Exception {
    Path out = temp.resolve("out");
    try (CommandLineProcess fuzz =
        fuzz(
            buggy(
                out, "--no-explain", "--time", "120s", "--first", "--mutate-bytes", "--seed", 1))) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(1, 0));
      assertThat(fuzz.out()).startsWith(TITLE);
    }
  }

  @Test
  void theSameSeedFindsTheSameInTheSameRun() throws Exception {
    assertThat(runOfDiscovery("a")).isPositive().isEqualTo(runOfDiscovery("b"));
  }

  private long runOfDiscovery(String name) throws Exception {
    Path out = temp.resolve(name);
    try (CommandLineProcess fuzz = fuzz(buggy(out, "--no-explain", "--seed", 5, "--runs", 4000))) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(1, 0));
    }
    Path finding = out.resolve("stale-read-in-queue-pop/finding.json");
    Matcher run = RUN.matcher(Files.readString(finding));
    assertThat(run.find()).isTrue();
    return Long.parseLong(run.group(1));
  }

  @Test
  void theSameSeedCountsTheSame() throws Exception {
    String counts = countsOf("a");
    assertThat(counts).contains("\"event\":\"infect\"").isEqualTo(countsOf("b"));
  }

  private String countsOf(String name) throws Exception {
    Path out = temp.resolve(name);
    try (CommandLineProcess fuzz =
        fuzz("--target", "queue", "--freeze", "--runs", 200, "--seed", 3, "--out", out)) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(0, 0));
    }
    return Files.readString(out.resolve("counts.jsonl"));
  }

  @Test
  void killedItLeavesNoProcessAndNoBrokenFile() throws Exception {
    Path out = temp.resolve("out");
    List<ProcessHandle> processes;
    try (CommandLineProcess fuzz = fuzz(buggy(out, "--time", "120s"))) {
      fuzz.awaitOutput(TITLE);
      processes = fuzz.descendants();
      assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
      fuzz.signal("KILL");
      assertThat(fuzz.await().signal()).isEqualTo(9);
    }
    assertNobodyRuns(processes);
    Loaded saved = CorpusReader.read(List.of(out.resolve("stale-read-in-queue-pop")));
    assertThat(saved.errors()).isEmpty();
    Loaded left = CorpusReader.read(List.of(out.resolve(".work")));
    assertThat(left.errors()).isEmpty();
    assertThat(left.entries()).isNotEmpty();
    tellsTheNextOne(out);
  }

  private void tellsTheNextOne(Path out) throws Exception {
    try (CommandLineProcess fuzz =
        fuzz("--target", "queue", "--runs", 100, "--memory", "sc", "--out", out)) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(0, 0));
      assertThat(fuzz.said()).contains("a killed campaign left failing scenarios");
    }
  }

  /** Zombies are gone: their reaper is another's business. */
  private static boolean runs(ProcessHandle process) {
    try {
      String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
      return !status.contains("State:\tZ");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void stoppedWithoutFindingsItTellsTheSignal() throws Exception {
    Path out = temp.resolve("out");
    try (CommandLineProcess fuzz =
        fuzz("--target", "queue", "--strategy", "none", "--time", "120s", "--out", out)) {
      Path bytes = out.resolve(".work/campaign-" + fuzz.pid() + "/queue-full-weak/bytes");
      fuzz.awaitThat(() -> isFilling(bytes));
      fuzz.signal("TERM");
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(143, 0));
      assertThat(fuzz.said()).contains("findings 0");
    }
    Loaded corpus = CorpusReader.read(List.of(out.resolve("corpus")));
    assertThat(corpus.errors()).isEmpty();
    assertThat(corpus.entries()).isNotEmpty();
    assertThat(out.resolve(".work")).isEmptyDirectory();
  }

  @Test
  void stoppedWithFindingsItTellsThem() throws Exception {
    try (CommandLineProcess fuzz = fuzz(buggy(temp.resolve("out"), "--time", "120s"))) {
      fuzz.awaitOutput(TITLE);
      fuzz.signal("INT");
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(1, 0));
      assertThat(fuzz.said()).contains("findings 1");
    }
  }

  /** The worker holds still, so that the first one alone would take its time. */
  @Test
  void aSecondInterruptEndsItAtOnce() throws Exception {
    Path out = temp.resolve("out");
    List<ProcessHandle> processes;
    try (CommandLineProcess fuzz = fuzz(buggy(out, "--time", "120s"))) {
      fuzz.awaitOutput(TITLE);
      processes = fuzz.descendants();
      send("STOP", processes);
      fuzz.signal("INT");
      fuzz.awaitOutput("Ctrl-C again ends at once");
      fuzz.signal("INT");
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(130, 0));
      assertThat(fuzz.said()).contains("cryofuzz: ended at once; ").contains("replay " + out);
    }
    send("CONT", processes);
    assertNobodyRuns(processes);
    Loaded saved = CorpusReader.read(List.of(out.resolve("stale-read-in-queue-pop")));
    assertThat(saved.errors()).isEmpty();
    Loaded left = CorpusReader.read(List.of(out.resolve(".work")));
    assertThat(left.errors()).isEmpty();
    assertThat(left.entries()).isNotEmpty();
  }

  private static void send(String signal, List<ProcessHandle> processes) throws Exception {
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }
  }

  private static void assertNobodyRuns(List<ProcessHandle> processes) throws InterruptedException {
    for (int i = 0; i < 200 && processes.stream().anyMatch(FuzzProcessTest::runs); i++) {
      Thread.sleep(50);
    }
    assertThat(processes).noneMatch(FuzzProcessTest::runs);
  }

  @Test
  void onAFullDiskItDoesNotBegin() throws Exception {
    try (CommandLineProcess fuzz = fuzzOnDiskOf("1m", "--runs", 100)) {
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(3, 0));
      assertThat(fuzz.said()).contains("cannot write ").contains("No space left on device");
    }
  }

  @Test
  void whenTheDiskFillsUpItIsSaid() throws Exception {
    try (CommandLineProcess fuzz = fuzzOnDiskOf("48m", "--time", "5s", "--strategy", "none")) {
      Path out = Path.of("/proc/" + fuzz.pid() + "/root" + temp.resolve("out"));
      Path bytes = out.resolve(".work/campaign-" + fuzz.pid() + "/queue-full-weak/bytes");
      fuzz.awaitThat(() -> isFilling(bytes));
      fill(out.resolve("ballast"));
      assertThat(fuzz.await()).as(fuzz.said()).isEqualTo(new Exit(3, 0));
      assertThat(fuzz.said()).contains("cannot write ").contains("No space left on device");
    }
  }

  /** Has a small disk of its own in place of the folder for findings. */
  private CommandLineProcess fuzzOnDiskOf(String size, Object... more) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount");
    Path out = Files.createDirectory(temp.resolve("out"));
    String script = "mount -t tmpfs -o size=" + size + " none \"$0\" && exec \"$@\"";
    List<String> before =
        List.of("/usr/bin/unshare", "-m", "/bin/sh", "-c", script, out.toString());
    Stream<Object> fixed = Stream.of("--target", "queue", "--out", out);
    return fuzz(before, Stream.concat(fixed, Stream.of(more)).toArray());
  }

  private static boolean isFilling(Path folder) {
    String[] names = folder.toFile().list();
    return names != null && names.length > 3;
  }

  private static void fill(Path file) throws IOException {
    byte[] piece = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }
}
