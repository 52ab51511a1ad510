package dev.cryofuzz.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a worker: a JVM of our own kind that runs Jazzer on {@link FuzzTarget}. */
final class WorkerCommand {
  /** From here on a JVM wants to be told that native code and agents are meant. */
  private static final int STRICT_JAVA = 21;

  /** Some dozen events; a scenario with more is better cut than grown. */
  private static final int MAX_LENGTH = 200;

  /** Titles are counted, not limited. */
  private static final String NO_LIMIT = "1000000000";

  private WorkerCommand() {}

  /**
   * @param brief whether it runs little Java: few scenarios until it ends, or slow ones
   */
  static List<String> of(WorkerConfig config, WorkerFolder folder, boolean brief) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(machineOptions(folder));
    command.addAll(startOptions(brief));
    command.addAll(ourOptions(folder));
    command.add("com.code_intelligence.jazzer.Jazzer");
    command.addAll(jazzerOptions(folder));
    command.addAll(libFuzzerOptions(config, folder));
    return command;
  }

  private static List<String> machineOptions(WorkerFolder folder) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx512m", "-Xshare:auto"));
    if (Runtime.version().feature() >= STRICT_JAVA) {
      options.add("-XX:+EnableDynamicAgentLoading");
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    // Jazzer attaches its agent to its own process, and starts another JVM for that if it may not.
    options.add("-Djdk.attach.allowAttachSelf=true");
    // Jazzer and JNR unpack libraries there, and do not remove them when they are killed.
    options.add("-Djava.io.tmpdir=" + folder.temporary());
    return options;
  }

  /**
   * Half of a start is loading classes, and a good part of the rest optimizing what runs a few
   * times. So a build runs one worker that leaves its classes in an archive, where the property
   * says, for all later ones.
   */
  private static List<String> startOptions(boolean brief) {
    List<String> options = new ArrayList<>();
    String left = System.getProperty("cryofuzz.leave-archive");
    Path archive = Path.of(System.getProperty("cryofuzz.home", "."), "target", "worker.jsa");
    if (left != null) {
      options.add("-XX:ArchiveClassesAtExit=" + left);
    } else if (Files.exists(archive)) {
      options.add("-XX:SharedArchiveFile=" + archive);
      options.add("-Xlog:disable");
      options.add("-Xlog:all=error:stderr");
    }
    if (brief) {
      options.add("-XX:TieredStopAtLevel=1");
    }
    return options;
  }

  private static List<String> ourOptions(WorkerFolder folder) {
    return List.of(
        "-Dcryofuzz.home=" + System.getProperty("cryofuzz.home", "."),
        "-D" + WorkerConfig.PROPERTY + "=" + folder.config(),
        "-cp",
        System.getProperty("java.class.path"));
  }

  private static List<String> jazzerOptions(WorkerFolder folder) {
    return List.of(
        "--nohooks",
        "--target_class=" + FuzzTarget.class.getName(),
        "--keep_going=" + NO_LIMIT,
        "--dedup=true",
        "--reproducer_path=" + folder.jazzer());
  }

  static List<String> libFuzzerOptions(WorkerConfig config, WorkerFolder folder) {
    return List.of(
        "-artifact_prefix=" + folder.jazzer() + "/",
        "-seed=" + config.seed(),
        "-runs=" + (config.inputs() == 0 ? -1 : config.inputs()),
        "-max_len=" + MAX_LENGTH,
        // Deadlines and memory are ours: libFuzzer's would end the JVM.
        "-timeout=0",
        "-rss_limit_mb=0",
        "-detect_leaks=0",
        // No comparisons are traced, and looking for new files depends on the clock.
        "-use_cmp=0",
        "-reload=0",
        folder.bytes().toString(),
        folder.seeds().toString());
  }
}
