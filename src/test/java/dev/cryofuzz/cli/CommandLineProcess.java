package dev.cryofuzz.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.Golden;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The tool in a process of its own, as the launcher starts it. */
final class CommandLineProcess implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Child child;
  private final Path out;
  private final Path err;

  private CommandLineProcess(Child child, Path out, Path err) {
    this.child = child;
    this.out = out;
    this.err = err;
  }

  static CommandLineProcess start(Path folder, Object... words) throws IOException {
    return start(folder, List.of(), words);
  }

  /**
   * @param before a command that runs the command line that follows it
   */
  static CommandLineProcess start(Path folder, List<String> before, Object... words)
      throws IOException {
    assertThat(Golden.home().resolve("harness/build/executor"))
        .as("the harness must be built; type: ./cryofuzz build")
        .isExecutable();
    Path out = Files.createTempFile(folder, "out", ".log");
    Path err = Files.createTempFile(folder, "err", ".log");
    List<String> command = new ArrayList<>(before);
    command.addAll(java());
    for (Object word : words) {
      command.add(word.toString());
    }
    Child child = Spawn.command(command.toArray(String[]::new)).stdout(out).stderr(err).start();
    return new CommandLineProcess(child, out, err);
  }

  private static List<String> java() {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dcryofuzz.home=" + Golden.home(),
        "-cp",
        classes,
        Main.class.getName());
  }

  long pid() {
    return child.pid();
  }

  /** Every process that descends from it now. */
  List<ProcessHandle> descendants() {
    return ProcessHandle.of(pid()).stream().flatMap(ProcessHandle::descendants).toList();
  }

  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  Exit await() {
    return child.await(DEADLINE).orElseThrow(() -> new AssertionError("still runs: " + said()));
  }

  void awaitOutput(String text) throws InterruptedException {
    awaitThat(() -> (out() + said()).contains(text));
  }

  void awaitThat(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(said()).isLessThan(end);
      assertThat(child.poll()).as(said()).isEmpty();
      Thread.sleep(50);
    }
  }

  String out() {
    return text(out);
  }

  String said() {
    return text(err);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
