package dev.cryofuzz.corpus;

import dev.cryofuzz.scenario.MalformedScenario;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads scenarios from files, from bundles of findings, and from all {@code .json} files in
 * folders, in order of their names.
 */
public final class CorpusReader {
  private static final String SCENARIO = "scenario.json";
  private static final String FINDING = "finding.json";

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  private CorpusReader() {}

  public static Loaded read(List<Path> paths) {
    CorpusReader reader = new CorpusReader();
    paths.forEach(reader::add);
    return new Loaded(reader.entries, reader.errors);
  }

  private void add(Path path) {
    if (Files.isDirectory(path)) {
      addFolder(path);
    } else {
      addFile(path);
    }
  }

  private void addFolder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().endsWith(".json") && !isBesideAFinding(file))
          .filter(file -> !isHidden(folder.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .forEach(this::addFile);
    } catch (UncheckedIOException e) { // a folder below it
      errors.add(e.getCause().getMessage() + ": " + Reason.of(e.getCause()));
    } catch (IOException e) {
      errors.add(folder + ": " + Reason.of(e));
    }
  }

  /** There lie what the scenario was before, and files that are no scenarios at all. */
  private static boolean isBesideAFinding(Path file) {
    return !file.endsWith(SCENARIO) && Files.exists(file.resolveSibling(FINDING));
  }

  private static boolean isHidden(Path file) {
    for (Path part : file) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private void addFile(Path file) {
    try {
      entries.add(new Entry(file, scenario(file)));
    } catch (MalformedScenario e) {
      errors.add(e.getMessage());
    } catch (NoSuchFileException e) {
      errors.add(file + ": no such file");
    } catch (IOException e) {
      errors.add(file + ": " + Reason.of(e));
    }
  }

  private static Scenario scenario(Path file) throws MalformedScenario, IOException {
    if (isForeverSilent(file)) {
      throw new IOException("neither a file nor a folder; expected a scenario");
    }
    if (Bundle.isNamedLikeOne(file)) {
      return ScenarioJson.read(file + ": " + Bundle.SCENARIO, Bundle.scenario(file));
    }
    try (InputStream stream = Files.newInputStream(file)) {
      return ScenarioJson.read(file.toString(), stream);
    }
  }

  /**
   * A pipe with a name waits for somebody who writes; one that a shell has made, in /dev, has him.
   */
  private static boolean isForeverSilent(Path file) throws IOException {
    return Files.exists(file)
        && Files.readAttributes(file, BasicFileAttributes.class).isOther()
        && !file.toAbsolutePath().startsWith("/dev");
  }
}
