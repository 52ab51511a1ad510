package dev.cryofuzz.executor;

import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import dev.cryofuzz.target.MalformedDescription;
import dev.cryofuzz.target.TargetDescription;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The targets that are built, under harness/build in cryofuzz's own folder, and those of the user's
 * that are named by the paths of their shared objects.
 */
public final class Targets {
  /** Where each of them has its shared segment. */
  public static final long SEGMENT_ADDRESS = ControlLayout.SEGMENT_ADDRESS;

  private static final Duration DESCRIBE_DEADLINE = Duration.ofSeconds(30);
  private static final int MAX_DESCRIPTION = 1 << 20;
  private static final String SUFFIX = ".so";

  /** Targets to look at, not to look for bugs in: known, but not among all. */
  private static final String LITMUS = "litmus";

  /** How the executor ends if a target is none, or makes no sense. */
  private static final int REFUSED = 2;

  private final Path build;
  private final Path folder;
  private final Map<String, TargetDescription> described = new HashMap<>();

  public Targets(Path home) {
    this(home, "targets");
  }

  Targets(Path home, String folder) {
    this.build = home.resolve("harness/build");
    this.folder = build.resolve(folder);
  }

  /** Those of the folder that the launcher names, else of the one that this program lies in. */
  public static Targets here() {
    String home = System.getProperty("cryofuzz.home");
    return new Targets(home == null ? folderOfProgram() : Path.of(home).toAbsolutePath());
  }

  private static Path folderOfProgram() {
    try {
      Path program =
          Path.of(Targets.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = program.getParent();
      return folder.endsWith("target") ? folder.getParent() : folder;
    } catch (URISyntaxException e) {
      throw new HarnessException("can't tell where cryofuzz lies", e);
    }
  }

  /** Names of all that are fuzzed, sorted. */
  public List<String> names() {
    executor();
    return names(folder);
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new HarnessException("no targets in " + folder + "; type ./cryofuzz build", e);
    }
  }

  /** Whether there is one, of cryofuzz's own or of the user's. */
  public boolean knows(String name) {
    return Libraries.of(name).isPresent() || find(name).isPresent();
  }

  /**
   * A shared object of the user's is a target, too, from now on, here and in processes that we
   * start; gives its name. Throws IllegalArgumentException if it is none, says so with its reason.
   */
  public String use(Path library) {
    TargetDescription target = ask(library).in(library.toString());
    String name = target.name();
    Optional<Path> own = find(name);
    if (own.isPresent()) {
      checkSame(library, own.get(), name);
      return name;
    }
    Libraries.add(name, library);
    described.put(name, target);
    return name;
  }

  private static void checkSame(Path library, Path own, String name) {
    try {
      if (!Files.isSameFile(own, library)) {
        throw new IllegalArgumentException(
            library + ": its name is that of one of cryofuzz's own targets: " + name);
      }
    } catch (IOException e) {
      throw new HarnessException("can't look at " + library, e);
    }
  }

  private Optional<Path> find(String name) {
    executor();
    return Stream.of(folder, build.resolve(LITMUS))
        .filter(place -> Files.isDirectory(place) && names(place).contains(name))
        .map(place -> place.resolve(name + SUFFIX))
        .findFirst();
  }

  /** Asks the target itself, once. */
  public TargetDescription describe(String name) {
    TargetDescription known = described.get(name);
    if (known == null) {
      known = ask(library(name));
      known = Libraries.of(name).map(Path::toString).map(known::in).orElse(known);
      described.put(name, known);
    }
    return known;
  }

  public Executor open(String name, NativeExecutor.Options options) {
    return openNative(name, options);
  }

  /** As {@link #open}, for those who need the feedback counters. */
  public NativeExecutor openNative(String name, NativeExecutor.Options options) {
    Path library = library(name);
    String file = library.getFileName().toString();
    Sites sites = Sites.read(library.resolveSibling(file.replaceFirst("so$", "sites")));
    return new NativeExecutor(describe(name), sites, executor(), library, options);
  }

  private Path library(String name) {
    return Libraries.of(name).orElseGet(() -> own(name));
  }

  private Path own(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "target=" + name + ": unknown, there are " + String.join(", ", names())));
  }

  private Path executor() {
    Path executor = build.resolve("executor");
    if (!Files.isExecutable(executor)) {
      throw new HarnessException(
          "the harness is not built: " + executor + " is missing; type ./cryofuzz build");
    }
    return executor;
  }

  private TargetDescription ask(Path library) {
    try (Capture out = new Capture("describe");
        Capture errors = new Capture("describe-errors");
        Child child =
            Spawn.command(executor().toString(), "--describe", library.toString())
                .stdout(out.path())
                .stderr(errors.path())
                .start()) {
      Exit exit = child.await(DESCRIBE_DEADLINE).orElseGet(child::kill);
      if (exit.code() == REFUSED && !library.startsWith(folder)) {
        throw new IllegalArgumentException(errors.tail(1000).strip());
      }
      if (!exit.clean()) {
        throw new HarnessException(
            library + " can't describe itself: " + exit + "; " + errors.tail(1000).strip());
      }
      return TargetDescription.parse(out.tail(MAX_DESCRIPTION));
    } catch (MalformedDescription e) {
      throw new HarnessException(library + ": " + e.getMessage(), e);
    }
  }
}
