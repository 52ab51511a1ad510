package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.sys.Cpu;
import dev.cryofuzz.sys.KernelLog;
import dev.cryofuzz.target.TargetDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at each thing in turn; nothing is changed. */
final class Examination {
  private static final String SETUP = "ci/setup";
  private static final int GOOD_JAVA = 17;

  private final Bench bench;

  Examination(Bench bench) {
    this.bench = bench;
  }

  List<Symptom> all() {
    List<Symptom> symptoms = new ArrayList<>();
    symptoms.add(kernel());
    symptoms.add(processor());
    symptoms.add(java());
    symptoms.add(tool("gcc", "--version"));
    symptoms.add(tool("make", "--version"));
    symptoms.add(tool("objdump", "--version"));
    symptoms.add(tool("mvn", "--version"));
    symptoms.add(Compel.examine(SETUP));
    symptoms.add(Criu.examine(SETUP));
    symptoms.add(ptrace());
    symptoms.add(sharedMemory());
    symptoms.add(kernelLog());
    symptoms.addAll(targets());
    return symptoms;
  }

  private static Symptom kernel() {
    String kernel = System.getProperty("os.name") + " " + System.getProperty("os.version");
    String machine = System.getProperty("os.arch");
    return machine.equals("amd64")
        ? Symptom.fine("kernel", kernel + " " + machine)
        : Symptom.lacking("kernel", kernel + " " + machine + ", tried on amd64 only", "");
  }

  private static Symptom processor() {
    List<Integer> usable = Cpu.usable();
    String model = Facts.processor();
    return usable.size() > 1
        ? Symptom.fine("CPUs", usable.size() + " × " + model)
        : Symptom.lacking("CPUs", "1 × " + model + ": works, slowly", "");
  }

  private static Symptom java() {
    int version = Runtime.version().feature();
    return version >= GOOD_JAVA
        ? Symptom.fine("java", Runtime.version().toString())
        : Symptom.fatal("java", Runtime.version().toString(), SETUP);
  }

  private static Symptom tool(String name, String versionOption) {
    Optional<String> version = Facts.firstLine(name, versionOption);
    return version
        .map(line -> Symptom.fine(name, line))
        .orElse(Symptom.lacking(name, "not there: nothing can be built", SETUP));
  }

  private static Symptom ptrace() {
    String scope = Facts.file("/proc/sys/kernel/yama/ptrace_scope").orElse("no restriction");
    boolean root = "root".equals(System.getProperty("user.name"));
    if (scope.equals("3") || (!root && scope.equals("2"))) {
      return Symptom.lacking("ptrace", "scope " + scope, "sudo sysctl kernel.yama.ptrace_scope=1");
    }
    return Symptom.fine("ptrace", scope.length() == 1 ? "scope " + scope : scope);
  }

  private static Symptom sharedMemory() {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Symptom.fine("shared memory", "/dev/shm is writable")
        : Symptom.lacking("shared memory", "/dev/shm is not writable", "mount /dev/shm");
  }

  private static Symptom kernelLog() {
    try (KernelLog log = KernelLog.fromNow()) {
      return log.refusal()
          .map(
              reason ->
                  Symptom.lacking(
                      "kernel log",
                      reason + ": what the kernel warns of during a run is not seen",
                      "sudo ./cryofuzz doctor"))
          .orElse(Symptom.fine("kernel log", "can be read: a WARN or BUG in a run is a finding"));
    }
  }

  private List<Symptom> targets() {
    try {
      return bench.targets().stream().map(bench::describe).map(Examination::target).toList();
    } catch (HarnessException e) {
      return List.of(Symptom.fatal("targets", e.getMessage(), "./cryofuzz build"));
    }
  }

  private static Symptom target(TargetDescription target) {
    String what = "target " + target.name();
    return target
        .unsupported()
        .map(reason -> Symptom.lacking(what, "can't run here: " + reason, ""))
        .orElse(Symptom.fine(what, "build " + target.build()));
  }
}
