package dev.cryofuzz.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpawnTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static String output(String... command) {
    try (Capture out = new Capture("out");
        Child child = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      assertThat(child.await(SOON)).isPresent();
      return out.tail(1 << 20);
    }
  }

  @Test
  void argumentsAndEnvironmentArrive() {
    assertThat(output("/bin/sh", "-c", "echo \"$0\" \"$1\"", "a b", "ü")).isEqualTo("a b ü\n");
    assertThat(output("/usr/bin/env")).contains("PATH=" + System.getenv("PATH"));
  }

  @Test
  void onlyTheStandardDescriptorsAreInherited() {
    assertThat(output("/bin/ls", "/proc/self/fd").strip().lines())
        .as("ls itself holds 3 open")
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void noSignalIsBlockedOrIgnored() {
    List<String> status = output("/bin/cat", "/proc/self/status").lines().toList();
    assertThat(status).contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000");
  }

  @Test
  void theChildLeadsAProcessGroup() {
    String[] fields = output("/bin/cat", "/proc/self/stat").split(" ");
    assertThat(fields[4]).as("pgrp").isEqualTo(fields[0]);
  }

  @Test
  void theWayItEndedIsTold() {
    assertThat(run("exit 3")).isEqualTo(new Exit(3, 0));
    assertThat(run("kill -11 $$")).hasToString("signal 11 (SIGSEGV)");
    assertThat(run("exit 0").clean()).isTrue();
  }

  private static Exit run(String script) {
    try (Child child = Spawn.command("/bin/sh", "-c", script).start()) {
      return child.await(SOON).orElseThrow();
    }
  }

  @Test
  void standardInputEndsWithTheLifeline() {
    try (Child child = Spawn.command("/bin/cat").start()) {
      assertThat(child.await(Duration.ofMillis(50))).isEmpty();
      child.dropLifeline();
      assertThat(child.await(SOON)).contains(new Exit(0, 0));
    }
  }

  @Test
  void waitingHasADeadline() {
    try (Child child = Spawn.command("/bin/sleep", "100").start()) {
      long start = System.nanoTime();
      assertThat(child.await(Duration.ofMillis(30))).isEmpty();
      assertThat(System.nanoTime() - start).isBetween(30_000_000L, 5_000_000_000L);
      assertThat(child.poll()).isEmpty();
    }
  }

  @Test
  void killTakesTheGroupAndReaps() throws Exception {
    Capture out = new Capture("out");
    Child child =
        Spawn.command("/bin/sh", "-c", "sleep 100 & echo $!; wait").stdout(out.path()).start();
    while (out.tail(100).isEmpty()) {
      Thread.sleep(1);
    }
    Path grandchild = Path.of("/proc", out.tail(100).strip());
    assertThat(child.kill()).isEqualTo(new Exit(-1, 9));
    assertThat(Path.of("/proc", "" + child.pid())).doesNotExist();
    assertThat(state(grandchild)).isIn("gone", "Z");
    child.close();
    child.close();
    out.close();
  }

  private static String state(Path process) throws InterruptedException {
    String state = "";
    for (int i = 0; i < 1000 && !state.equals("gone") && !state.equals("Z"); i++) {
      Thread.sleep(1);
      try {
        state = Files.readString(process.resolve("stat")).split(" ")[2];
      } catch (java.io.IOException e) {
        state = "gone";
      }
    }
    return state;
  }

  @Test
  void orphansOfAGroupDieWhenItsLeaderIsReaped() throws Exception {
    try (Capture out = new Capture("out");
        Child child =
            Spawn.command("/bin/sh", "-c", "sleep 100 & echo $!").stdout(out.path()).start()) {
      assertThat(child.await(SOON)).isPresent();
      assertThat(state(Path.of("/proc", out.tail(100).strip()))).isIn("gone", "Z");
    }
  }

  @Test
  void aMissingProgramIsNamed() {
    assertThatThrownBy(() -> Spawn.command("/no/such/program").start())
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("/no/such/program")
        .hasMessageContaining("No such file");
  }

  @Test
  void captureKeepsTheEndAndForgetsWhenTold() {
    try (Capture out = new Capture("out");
        Child child =
            Spawn.command("/bin/sh", "-c", "seq 1 20000; read x; echo after; read x")
                .stdout(out.path())
                .start()) {
      child.dropLifeline();
      assertThat(child.await(SOON)).isPresent();
      assertThat(out.tail(12)).isEqualTo("20000\nafter\n");
      out.clear();
      assertThat(out.tail(12)).isEmpty();
    }
  }
}
