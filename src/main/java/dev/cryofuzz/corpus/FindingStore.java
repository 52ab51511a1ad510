package dev.cryofuzz.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cryofuzz.finding.Title;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Saves findings, one folder each, named after the title. A folder appears whole or not at all. An
 * older one of the same title, target and variant gives way to the new one; any other, or anything
 * that is not ours, is left alone, and the new one gets a number.
 */
public final class FindingStore {
  private static final String FINDING = "finding.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Folder out;

  public FindingStore(Folder out) {
    this.out = out;
  }

  /**
   * @param files name to text; finding.json among them says the title
   * @return the finding's folder
   */
  public Path save(Title title, Map<String, String> files) throws UnwritableFolder {
    String name = freeName(title, identity(files.getOrDefault(FINDING, "")));
    Path unfinished = out.path().resolve("." + name + ".new");
    Path place = out.path().resolve(name);
    try {
      delete(unfinished);
      Folder folder = out.sub(unfinished.getFileName().toString());
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path written =
            folder.write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        if (Bundle.isProgram(file.getKey()) && !written.toFile().setExecutable(true, false)) {
          throw new IOException("its rights can't be changed");
        }
      }
      replace(place, unfinished);
      return place;
    } catch (IOException e) {
      throw new UnwritableFolder(place, e);
    }
  }

  private String freeName(Title title, List<String> identity) {
    String slug = Slug.of(title.text());
    String name = slug;
    for (int number = 2; isTaken(out.path().resolve(name), identity); number++) {
      name = slug + "-" + number;
    }
    return name;
  }

  private static boolean isTaken(Path place, List<String> identity) {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return !identityOf(place).equals(identity);
  }

  /** What the finding saved there is; empty if there is none that we can read. */
  private static List<String> identityOf(Path place) {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try {
      return identity(Files.readString(place.resolve(FINDING)));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<String> identity(String finding) {
    try {
      JsonNode root = MAPPER.readTree(finding);
      return Stream.of("title", "target", "variant")
          .map(name -> root.path(name).asText(""))
          .toList();
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static void replace(Path place, Path unfinished) throws IOException {
    Path old = place.resolveSibling("." + place.getFileName() + ".old");
    delete(old);
    if (Files.exists(place)) {
      Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
  }

  private static void delete(Path path) throws IOException {
    for (Path each : deepestFirst(path)) {
      Files.delete(each);
    }
  }

  /** Links are not followed. */
  private static List<Path> deepestFirst(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
