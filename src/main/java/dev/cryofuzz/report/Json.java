package dev.cryofuzz.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON as reports are written: the same data have the same bytes. */
final class Json {
  /** Plain ASCII: texts of targets may have characters that hide or turn what follows. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Throws IllegalArgumentException with what is wrong. */
  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  static String line(JsonNode node) {
    return node + "\n";
  }

  static String pretty(JsonNode node) {
    try {
      return MAPPER.writer(printer()).writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Line ends are the same on every system. */
  private static DefaultPrettyPrinter printer() {
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }

  /** A member that must be there; throws IllegalArgumentException if it is not. */
  static JsonNode need(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("no \"" + name + "\"");
    }
    return value;
  }

  static String text(JsonNode object, String name) {
    JsonNode value = need(object, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("\"" + name + "\": expected a text");
    }
    return value.textValue();
  }

  static long number(JsonNode object, String name) {
    JsonNode value = need(object, name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new IllegalArgumentException("\"" + name + "\": expected a number");
    }
    return value.longValue();
  }

  static int integer(JsonNode object, String name) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number(object, name)));
  }

  static void check(JsonNode object, int format) {
    if (!object.isObject() || number(object, "cryofuzz") != format) {
      throw new IllegalArgumentException("expected \"cryofuzz\": " + format);
    }
  }
}
