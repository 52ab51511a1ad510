package dev.cryofuzz.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The text form of scenarios, the one that people, corpus and reports use. Reading is strict:
 * whatever is not understood is refused with its line, nothing is skipped.
 */
public final class ScenarioJson {
  /** Bigger files are not read at all; the biggest scenario has a fiftieth of it. */
  public static final int MAX_BYTES = 1 << 20;

  static final List<String> KEYS =
      List.of(
          "cryofuzz",
          "target",
          "variant",
          "memory",
          "options",
          "params",
          "library",
          "build",
          "events",
          "expect");
  static final List<String> EVENT_KEYS = List.of("at", "site", "nth", "do");

  private ScenarioJson() {}

  /** Reads from a stream that somebody else opened and closes, at most {@link #MAX_BYTES}. */
  public static Scenario read(String file, InputStream stream)
      throws MalformedScenario, IOException {
    return read(file, stream.readNBytes(MAX_BYTES + 1));
  }

  public static Scenario read(String file, byte[] bytes) throws MalformedScenario {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedScenario(
          file, 1, "too big for a scenario, expected at most " + MAX_BYTES + " bytes");
    }
    return new ScenarioReader(file).read(Located.parse(file, decoded(file, bytes)));
  }

  /** The canonical text: the same scenario always gives the same bytes. */
  public static String write(Scenario scenario) {
    return ScenarioWriter.write(scenario);
  }

  public static byte[] bytes(Scenario scenario) {
    return write(scenario).getBytes(StandardCharsets.UTF_8);
  }

  private static String decoded(String file, byte[] bytes) throws MalformedScenario {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedScenario(file, 1, "not UTF-8, expected JSON text");
    }
  }
}
