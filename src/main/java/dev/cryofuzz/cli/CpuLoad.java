package dev.cryofuzz.cli;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long each processor has been idle since a moment in the past, as /proc/stat counts it. */
final class CpuLoad {
  private static final String STAT = "/proc/stat";

  /** Fields of a line: name, user, nice, system, idle. */
  private static final int IDLE = 4;

  private final Map<Integer, Long> before;

  private CpuLoad(Map<Integer, Long> before) {
    this.before = before;
  }

  static CpuLoad begin() {
    return new CpuLoad(idle(Facts.file(STAT).orElse("")));
  }

  /** Of equally idle ones the first. */
  Integer idlest(List<Integer> cpus) {
    return idlest(cpus, Facts.file(STAT).orElse(""));
  }

  static CpuLoad of(String stat) {
    return new CpuLoad(idle(stat));
  }

  Integer idlest(List<Integer> cpus, String stat) {
    Map<Integer, Long> now = idle(stat);
    Comparator<Integer> byIdleness =
        Comparator.comparing(cpu -> now.getOrDefault(cpu, 0L) - before.getOrDefault(cpu, 0L));
    return cpus.stream().min(byIdleness.reversed()).orElseThrow();
  }

  private static Map<Integer, Long> idle(String stat) {
    Map<Integer, Long> idle = new HashMap<>();
    for (String line : stat.split("\n")) {
      String[] fields = line.split(" +");
      if (fields.length > IDLE && fields[0].matches("cpu\\d+")) {
        idle.put(Integer.parseInt(fields[0].substring(3)), Long.parseLong(fields[IDLE]));
      }
    }
    return idle;
  }
}
