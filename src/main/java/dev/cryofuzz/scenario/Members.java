package dev.cryofuzz.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of a JSON object, taken by name and type; errors name file, line and field. */
final class Members {
  private final String file;
  private final Located.Object object;

  Members(String file, Located.Object object) {
    this.file = file;
    this.object = object;
  }

  /** A value that must be an object. */
  static Members of(String file, String name, Located value) throws MalformedScenario {
    if (value instanceof Located.Object members) {
      return new Members(file, members);
    }
    throw wrong(file, value.line(), name, value, "an object");
  }

  int line() {
    return object.line();
  }

  Map<String, Located> all() {
    return object.members();
  }

  int lineOf(String name) {
    Located value = object.members().get(name);
    return value == null ? line() : value.line();
  }

  void refuseOthersThan(List<String> known) throws MalformedScenario {
    for (Map.Entry<String, Located> member : object.members().entrySet()) {
      if (!known.contains(member.getKey())) {
        throw new MalformedScenario(
            file,
            member.getValue().line(),
            member.getKey() + ": unknown, expected one of " + String.join(", ", known));
      }
    }
  }

  Optional<Located> find(String name) {
    return Optional.ofNullable(object.members().get(name));
  }

  Located get(String name, String expected) throws MalformedScenario {
    Located value = object.members().get(name);
    if (value == null) {
      throw new MalformedScenario(file, line(), name + ": missing, expected " + expected);
    }
    return value;
  }

  String text(String name, String expected) throws MalformedScenario {
    Located value = get(name, expected);
    if (value instanceof Located.Text text) {
      return text.value();
    }
    throw wrong(file, value.line(), name, value, expected);
  }

  long number(String name, String expected) throws MalformedScenario {
    Located value = get(name, expected);
    if (value instanceof Located.Number number) {
      return number.value();
    }
    throw wrong(file, value.line(), name, value, expected);
  }

  int number(String name, int min, int max) throws MalformedScenario {
    String expected = "a number from " + min + " to " + max;
    long value = number(name, expected);
    if (value < min || value > max) {
      throw refused(name, String.valueOf(value), expected);
    }
    return (int) value;
  }

  List<Located> list(String name) throws MalformedScenario {
    Located value = get(name, "a list");
    if (value instanceof Located.Array array) {
      return array.items();
    }
    throw wrong(file, value.line(), name, value, "a list");
  }

  MalformedScenario refused(String name, String value, String expected) {
    return new MalformedScenario(file, lineOf(name), name + "=" + value + ": expected " + expected);
  }

  static MalformedScenario wrong(
      String file, int line, String name, Located value, String expected) {
    return new MalformedScenario(file, line, name + ": " + value.what() + ", expected " + expected);
  }
}
