package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Spawn;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is killed in the middle of its runs leaves nobody behind. */
@Tag("process")
@Timeout(60)
class KilledSupervisorTest {
  /** Runs the queue for ever. */
  public static final class Supervisor {
    private Supervisor() {}

    public static void main(String[] arguments) {
      Scenario scenario = Scenario.of("queue", "full", MemoryModel.SC);
      NativeExecutor executor =
          Targets.here().openNative("queue", NativeExecutor.Options.anywhere().on(Carrier.PROCESS));
      while (executor.run(scenario, RunMode.KEPT).passed()) {
        continue;
      }
    }
  }

  @Test
  void executorAndActorsEndWithIt() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    String[] command = {
      java,
      "-Xmx64m",
      "-XX:TieredStopAtLevel=1",
      "-Dcryofuzz.home=" + System.getProperty("cryofuzz.home"),
      "-cp",
      System.getProperty("java.class.path"),
      Supervisor.class.getName()
    };
    try (Capture out = new Capture("supervisor");
        Child jvm = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      List<ProcessHandle> others = awaitDescendants(jvm, 3);
      // Not jvm.kill(), which takes the whole group.
      ProcessHandle.of(jvm.pid()).orElseThrow().destroyForcibly();
      assertThat(jvm.await(Duration.ofSeconds(10))).as(out.tail(2000)).isPresent();
      for (ProcessHandle other : others) {
        Processes.awaitGone(other);
      }
    }
  }

  /** The executor and its actors. */
  private static List<ProcessHandle> awaitDescendants(Child jvm, int count) throws Exception {
    List<ProcessHandle> found = List.of();
    ProcessHandle handle = ProcessHandle.of(jvm.pid()).orElseThrow();
    for (int i = 0; i < 2000 && found.size() < count; i++) {
      Thread.sleep(10);
      try (Stream<ProcessHandle> descendants = handle.descendants()) {
        found = descendants.toList();
      }
    }
    assertThat(found).hasSize(count);
    return found;
  }
}
