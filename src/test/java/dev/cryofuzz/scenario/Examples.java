package dev.cryofuzz.scenario;

import dev.cryofuzz.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scenarios, shapes and files that several tests use. */
final class Examples {
  static final Shape QUEUE = queue(MemoryModel.WEAK);

  static final Shape MAILBOX =
      new Shape(
          "mailbox",
          "full",
          MemoryModel.X86,
          List.of(role("client"), role("server")),
          List.of(new Param("size", 1, 1000, 12), new Param("offset", -70000, 70000, 0)),
          List.of("cmd", "ack", "err"),
          List.of("rpc"));

  /** One actor, no channel, sequential consistency: no event is possible. */
  static final Shape ALONE =
      new Shape(
          "alone",
          "full",
          MemoryModel.SC,
          List.of(role("only")),
          List.of(),
          List.of("unused"),
          List.of());

  private Examples() {}

  static Shape queue(MemoryModel memory) {
    return new Shape(
        "queue",
        "no-barrier",
        memory,
        List.of(role("reader"), new Role("writer", Optional.of("writers"))),
        List.of(new Param("writers", 1, 4, 1), new Param("messages", 1, 16, 3)),
        List.of(),
        List.of(),
        extras());
  }

  private static Set<ActionType> extras() {
    return Stream.of(Family.FREEZE, Family.FAULT, Family.MACHINE)
        .flatMap(family -> ActionType.of(family).stream())
        .collect(Collectors.toSet());
  }

  private static Role role(String name) {
    return new Role(name, Optional.empty());
  }

  static byte[] randomBytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  static List<Path> files(String folder) {
    try (Stream<Path> files =
        Files.list(Golden.home().resolve("src/test/resources/scenario").resolve(folder))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
