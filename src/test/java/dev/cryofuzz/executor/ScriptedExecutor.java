package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import dev.cryofuzz.target.TargetDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The C program of that name, which behaves as the name of its target says. */
final class ScriptedExecutor {
  private final Path folder;
  private final Path program;

  private ScriptedExecutor(Path folder, Path program) {
    this.folder = folder;
    this.program = program;
  }

  static ScriptedExecutor compile(Path folder) throws IOException {
    Path source = folder.resolve("scripted-executor.c");
    try (InputStream in = ScriptedExecutor.class.getResourceAsStream("scripted-executor.c")) {
      Files.copy(in, source);
    }
    Path program = folder.resolve("executor");
    Path include = Path.of(System.getProperty("cryofuzz.home"), "harness/include");
    String[] gcc = {
      "/usr/bin/gcc", "-O1", "-Wall", "-Werror", "-I" + include, "-o", "" + program, "" + source
    };
    try (Capture out = new Capture("gcc");
        Child child = Spawn.command(gcc).stdout(out.path()).stderr(out.path()).start()) {
      Exit exit = child.await(Duration.ofSeconds(60)).orElseThrow();
      assertThat(exit.clean()).as(out.tail(2000)).isTrue();
    }
    return new ScriptedExecutor(folder, program);
  }

  Path program() {
    return program;
  }

  NativeExecutor behaving(String behaviour, NativeExecutor.Options options) {
    return behaving(behaviour, options, Descriptions.QUEUE);
  }

  NativeExecutor behaving(
      String behaviour, NativeExecutor.Options options, TargetDescription target) {
    Sites sites = Sites.parse(java.util.List.of("10 q.c:1"));
    return new NativeExecutor(target, sites, program, folder.resolve(behaviour), options);
  }
}
