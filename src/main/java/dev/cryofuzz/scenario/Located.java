package dev.cryofuzz.scenario;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value that knows its line; of the kinds of value only those that a scenario has. */
sealed interface Located {
  int line();

  /** What it is, for error messages. */
  String what();

  record Text(int line, String value) implements Located {
    @Override
    public String what() {
      return "the text \"" + value + "\"";
    }
  }

  record Number(int line, long value) implements Located {
    @Override
    public String what() {
      return "the number " + value;
    }
  }

  record Array(int line, List<Located> items) implements Located {
    @Override
    public String what() {
      return "a list";
    }
  }

  record Object(int line, Map<String, Located> members) implements Located {
    @Override
    public String what() {
      return "an object";
    }
  }

  /** True, false, null, a fraction or a number beyond 64 bits. */
  record Other(int line, String what) implements Located {}

  /** Reads one value and refuses whatever comes after it. */
  static Located parse(String file, String json) throws MalformedScenario {
    try (JsonParser parser = Parsing.FACTORY.createParser(json)) {
      parser.nextToken();
      Located value = Parsing.value(parser);
      if (parser.nextToken() != null) {
        throw new MalformedScenario(
            file, Parsing.line(parser), "something follows, expected the end of the file");
      }
      return value;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new MalformedScenario(file, line, "not JSON: " + firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new MalformedScenario(file, 1, "not JSON: " + e.getMessage());
    }
  }

  /** Without the name of the parser's own setting behind a limit. */
  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll(", from `[^`]*`", "");
  }

  /** Token by token. Depth is bounded by the factory, so recursion is. */
  final class Parsing {
    private static final int MAX_DEPTH = 16;

    private static final JsonFactory FACTORY =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private Parsing() {}

    static int line(JsonParser parser) {
      return parser.currentTokenLocation().getLineNr();
    }

    static Located value(JsonParser parser) throws IOException {
      int line = line(parser);
      JsonToken token = parser.currentToken();
      if (token == null) {
        return new Other(1, "an empty file");
      }
      return switch (token) {
        case START_OBJECT -> object(parser, line);
        case START_ARRAY -> array(parser, line);
        case VALUE_STRING -> new Text(line, parser.getText());
        case VALUE_NUMBER_INT -> number(parser, line);
        default -> new Other(line, parser.getText());
      };
    }

    private static Located number(JsonParser parser, int line) throws IOException {
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        return new Other(line, "a number beyond 64 bits");
      }
      return new Number(line, parser.getLongValue());
    }

    private static Located object(JsonParser parser, int line) throws IOException {
      Map<String, Located> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, value(parser));
      }
      return new Object(line, members);
    }

    private static Located array(JsonParser parser, int line) throws IOException {
      List<Located> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser));
      }
      return new Array(line, items);
    }
  }
}
