package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.Folder;
import dev.cryofuzz.corpus.UnwritableFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What lies where in the folder of a worker.
 *
 * <pre>
 *   worker.properties   what it is told
 *   seeds/              byte forms of scenarios to begin with
 *   bytes/              libFuzzer's corpus
 *   found/              failing scenarios, JSON, in the order in which they were found
 *   tally               counts, mapped by worker and parent
 *   covered             of jobs with bursts: what is known to pass
 *   census              more of them, of jobs that freeze
 *   jazzer/  tmp/       what Jazzer writes about findings, and unpacks
 * </pre>
 */
record WorkerFolder(Folder root) {
  static final String COVERED = "covered";

  /** Makes what is missing. */
  static WorkerFolder in(Folder root) throws UnwritableFolder {
    for (String name : new String[] {"seeds", "bytes", "found", "jazzer", "tmp"}) {
      root.sub(name);
    }
    return new WorkerFolder(root);
  }

  Path config() {
    return path(WorkerConfig.FILE);
  }

  Path seeds() {
    return path("seeds");
  }

  /** Not written through to the disk: after a crash nobody asks for them. */
  void writeSeed(String name, byte[] bytes) throws UnwritableFolder {
    Path file = seeds().resolve(name);
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UnwritableFolder(file, e);
    }
  }

  long countSeeds() throws IOException {
    try (Stream<Path> files = Files.list(seeds())) {
      return files.count();
    }
  }

  Path bytes() {
    return path("bytes");
  }

  Folder found() throws UnwritableFolder {
    return root.sub("found");
  }

  Path tally() {
    return path("tally");
  }

  Path census() {
    return path("census");
  }

  /** Why the worker gave up, written by itself. */
  Path failure() {
    return path("failure");
  }

  Path jazzer() {
    return path("jazzer");
  }

  Path temporary() {
    return path("tmp");
  }

  private Path path(String name) {
    return root.path().resolve(name);
  }
}
