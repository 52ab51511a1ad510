package dev.cryofuzz.corpus;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Stores scenarios as {@code target/variant-memory-hash.json} below a folder. The hash is that of
 * the text, so the same scenario is stored once, whoever stores it.
 */
public final class CorpusFolder {
  private static final int HASH_DIGITS = 10;

  private final Folder folder;

  public CorpusFolder(Folder folder) {
    this.folder = folder;
  }

  public Path store(Scenario scenario) throws UnwritableFolder {
    return folder.sub(scenario.target()).write(name(scenario), ScenarioJson.bytes(scenario));
  }

  static String name(Scenario scenario) {
    return scenario.variant() + "-" + scenario.memory().text() + "-" + hash(scenario) + ".json";
  }

  private static String hash(Scenario scenario) {
    byte[] text = ScenarioJson.write(scenario).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
