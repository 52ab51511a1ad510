package dev.cryofuzz.sys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import jnr.ffi.Pointer;

/**
 * The one door through which processes are started. A JVM hands down some fifty descriptors and a
 * blocked SIGQUIT; a child started here gets none of that: only its standard descriptors, an empty
 * signal mask, default dispositions, and a process group of its own. Its standard input is a
 * lifeline: a pipe that never carries data and closes when we die, however that happens.
 */
public final class Spawn {
  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SIGNAL_SET_BYTES = 128;

  /** More than sizeof posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) in glibc. */
  private static final int OPAQUE_BYTES = 512;

  private static final Map<String, String> EXPORTED = new ConcurrentHashMap<>();

  private final List<String> command;
  private Path stdout = Path.of("/dev/null");
  private Path stderr = Path.of("/dev/null");

  private Spawn(List<String> command) {
    this.command = List.copyOf(command);
  }

  /** A program by its path, and its arguments. */
  public static Spawn command(String... command) {
    return new Spawn(List.of(command));
  }

  /** Programs started from now on find this in their environment, as after a shell's export. */
  public static void export(String name, String value) {
    EXPORTED.put(name, value);
  }

  /** What programs that are started find under this name. */
  public static Optional<String> exported(String name) {
    return Optional.ofNullable(EXPORTED.getOrDefault(name, System.getenv(name)));
  }

  /** Where standard output is appended; /dev/null unless told. */
  public Spawn stdout(Path file) {
    stdout = file;
    return this;
  }

  /** Where standard error is appended; /dev/null unless told. */
  public Spawn stderr(Path file) {
    stderr = file;
    return this;
  }

  public Child start() {
    int[] lifeline = new int[2];
    SystemCallException.check("pipe2", Libc.C.pipe2(lifeline, Libc.O_CLOEXEC));
    try {
      return Child.adopt(spawn(lifeline[0]), lifeline[1]);
    } catch (RuntimeException e) {
      Libc.C.close(lifeline[1]);
      throw e;
    } finally {
      Libc.C.close(lifeline[0]);
    }
  }

  private int spawn(int stdin) {
    Pointer actions = Libc.zeroed(OPAQUE_BYTES);
    Pointer attributes = Libc.zeroed(OPAQUE_BYTES);
    check("posix_spawn_file_actions_init", Libc.C.posix_spawn_file_actions_init(actions));
    check("posix_spawnattr_init", Libc.C.posix_spawnattr_init(attributes));
    try {
      describeFiles(actions, stdin);
      describeSignals(attributes);
      return spawn(actions, attributes);
    } finally {
      Libc.C.posix_spawn_file_actions_destroy(actions);
      Libc.C.posix_spawnattr_destroy(attributes);
    }
  }

  private int spawn(Pointer actions, Pointer attributes) {
    int[] pid = new int[1];
    Strings arguments = Strings.of(command.stream());
    Strings environment = Strings.of(inheritedEnvironment());
    int error =
        Libc.C.posix_spawn(
            pid, command.get(0), actions, attributes, arguments.array, environment.array, 0);
    check("cannot start " + command.get(0), error);
    return pid[0];
  }

  private static Stream<String> inheritedEnvironment() {
    Map<String, String> all = new TreeMap<>(System.getenv());
    all.putAll(EXPORTED);
    return all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
  }

  private void describeFiles(Pointer actions, int stdin) {
    check("dup2", Libc.C.posix_spawn_file_actions_adddup2(actions, stdin, 0));
    open(actions, 1, stdout);
    open(actions, 2, stderr);
    check("closefrom", Libc.C.posix_spawn_file_actions_addclosefrom_np(actions, 3));
  }

  private static void open(Pointer actions, int fd, Path file) {
    int flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND;
    check(
        "open " + file,
        Libc.C.posix_spawn_file_actions_addopen(actions, fd, file.toString(), flags, 0666));
  }

  private static void describeSignals(Pointer attributes) {
    Pointer none = Libc.zeroed(SIGNAL_SET_BYTES);
    Pointer all = Libc.zeroed(SIGNAL_SET_BYTES);
    all.setMemory(0, SIGNAL_SET_BYTES, (byte) 0xff);
    check("sigmask", Libc.C.posix_spawnattr_setsigmask(attributes, none));
    check("sigdefault", Libc.C.posix_spawnattr_setsigdefault(attributes, all));
    check("pgroup", Libc.C.posix_spawnattr_setpgroup(attributes, 0));
    short flags = SETPGROUP | SETSIGDEF | SETSIGMASK;
    check("flags", Libc.C.posix_spawnattr_setflags(attributes, flags));
  }

  private static void check(String what, int error) {
    SystemCallException.checkReturned(what, error);
  }

  /** A NULL-terminated array of C strings; holds on to the memory it points to. */
  private record Strings(Pointer array, List<Pointer> texts) {
    static Strings of(Stream<String> strings) {
      List<Pointer> texts = strings.map(Strings::text).toList();
      Pointer array = Libc.zeroed(8 * (texts.size() + 1));
      for (int i = 0; i < texts.size(); i++) {
        array.putAddress(8L * i, texts.get(i).address());
      }
      return new Strings(array, texts);
    }

    private static Pointer text(String string) {
      byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
      Pointer text = Libc.zeroed(bytes.length + 1);
      text.put(0, bytes, 0, bytes.length);
      return text;
    }
  }
}
