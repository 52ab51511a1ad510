package dev.cryofuzz.cli;

import dev.cryofuzz.executor.HarnessException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a target that works, for somebody to make their own of it. */
@Command(
    name = "new",
    description =
        "Write NAME.c (or NAME.cc) here: a small target with a good variant and a planted bug, to"
            + " begin with. A file that is there stays as it is.")
final class NewCommand implements Callable<Integer> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,30}");
  private static final String PLACE = "@NAME@";

  @Parameters(paramLabel = "NAME", description = "Of the target, as in: handshake.")
  private String name;

  @Option(names = "--cpp", description = "In C++.")
  private boolean cpp;

  private final Surroundings around;

  NewCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    if (!NAME.matcher(name).matches()) {
      throw new UsageError("new " + name + ": expected a name like handshake");
    }
    if (around.bench().targets().contains(name)) {
      throw new UsageError("new " + name + ": one of cryofuzz's own targets has this name");
    }
    String ending = cpp ? ".cc" : ".c";
    String source = name + ending;
    write(Path.of(source), template("target" + ending).replace(PLACE, name));
    around
        .console()
        .data(
            """
            wrote %s; now type:
              ./cryofuzz cc %s -o %s.so
              ./cryofuzz fuzz --target ./%s.so --variant relaxed --time 10s"""
                .formatted(source, source, name, name));
    return ExitCode.CLEAN;
  }

  private static String template(String file) {
    try {
      return Files.readString(Facts.home().resolve("harness/templates").resolve(file));
    } catch (IOException e) {
      throw new HarnessException("cannot read harness/templates/" + file, e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UsageError(file + " is there already, and stays as it is; type another name");
    } catch (IOException e) {
      throw new HarnessException("cannot write " + file + " here", e);
    }
  }
}
