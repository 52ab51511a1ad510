package dev.cryofuzz.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** From located JSON to the model. Everything the model refuses is refused here with its line. */
final class ScenarioReader {
  private static final String A_NAME = "a name like \"reader\"";
  private static final String A_LINE = "1 to 255 printable characters";

  private final String file;

  ScenarioReader(String file) {
    this.file = file;
  }

  Scenario read(Located document) throws MalformedScenario {
    Members members = Members.of(file, "scenario", document);
    checkVersion(members);
    members.refuseOthersThan(ScenarioJson.KEYS);
    MemoryModel memory = memory(members);
    return new Scenario(
        name(members, "target"),
        name(members, "variant"),
        memory,
        params(members),
        events(members, memory),
        optionalLine(members, "expect"),
        build(members),
        optionalLine(members, "library"),
        options(members, memory));
  }

  /** First of all: in an unknown version nothing else can be judged. */
  private void checkVersion(Members members) throws MalformedScenario {
    String expected = "format version " + Scenario.FORMAT;
    long version = members.number("cryofuzz", expected);
    if (version != Scenario.FORMAT) {
      throw members.refused("cryofuzz", version + ", an unknown format version", expected);
    }
  }

  private static MemoryModel memory(Members members) throws MalformedScenario {
    String expected = "one of " + MemoryModel.names();
    String text = members.text("memory", expected);
    return MemoryModel.of(text).orElseThrow(() -> members.refused("memory", text, expected));
  }

  private SortedSet<RunOption> options(Members members, MemoryModel memory)
      throws MalformedScenario {
    SortedSet<RunOption> options = new TreeSet<>();
    if (members.find("options").isEmpty()) {
      return options;
    }
    String expected = "one of " + RunOption.names();
    for (Located item : members.list("options")) {
      if (!(item instanceof Located.Text text)) {
        throw Members.wrong(file, item.line(), "options", item, expected);
      }
      RunOption option =
          RunOption.of(text.value()).orElseThrow(() -> refusedOption(item, text.value(), expected));
      if (!option.isPossibleUnder(memory)) {
        throw refusedOption(
            item,
            text.value() + ", impossible under memory=" + memory.text(),
            "memory=" + option.needs().text() + " or weaker");
      }
      options.add(option);
    }
    return options;
  }

  private MalformedScenario refusedOption(Located item, String value, String expected) {
    return new MalformedScenario(file, item.line(), "options=" + value + ": expected " + expected);
  }

  private static String name(Members members, String field) throws MalformedScenario {
    String text = members.text(field, A_NAME);
    if (!Names.isName(text)) {
      throw members.refused(field, text, A_NAME);
    }
    return text;
  }

  private static String line(Members members, String field) throws MalformedScenario {
    String text = members.text(field, A_LINE);
    if (!Names.isLine(text)) {
      throw members.refused(field, text, A_LINE);
    }
    return text;
  }

  private static Optional<String> optionalLine(Members members, String field)
      throws MalformedScenario {
    return members.find(field).isEmpty() ? Optional.empty() : Optional.of(line(members, field));
  }

  private static Optional<String> build(Members members) throws MalformedScenario {
    if (members.find("build").isEmpty()) {
      return Optional.empty();
    }
    String id = members.text("build", "a build id");
    if (!Names.isBuild(id)) {
      throw members.refused("build", id, "a build id");
    }
    return Optional.of(id);
  }

  private SortedMap<String, Integer> params(Members members) throws MalformedScenario {
    SortedMap<String, Integer> params = new TreeMap<>();
    if (members.find("params").isEmpty()) {
      return params;
    }
    Members values = Members.of(file, "params", members.get("params", "an object"));
    for (Map.Entry<String, Located> value : values.all().entrySet()) {
      if (!Names.isName(value.getKey())) {
        throw new MalformedScenario(
            file,
            value.getValue().line(),
            "params: \"" + value.getKey() + "\": expected " + A_NAME);
      }
      params.put(
          value.getKey(), values.number(value.getKey(), Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (params.size() > Scenario.MAX_PARAMS) {
      throw members.refused("params", params.size() + " of them", "at most " + Scenario.MAX_PARAMS);
    }
    return params;
  }

  private List<Event> events(Members members, MemoryModel memory) throws MalformedScenario {
    List<Event> events = new ArrayList<>();
    if (members.find("events").isEmpty()) {
      return events;
    }
    List<Located> items = members.list("events");
    if (items.size() > Scenario.MAX_EVENTS) {
      throw members.refused("events", items.size() + " of them", "at most " + Scenario.MAX_EVENTS);
    }
    for (Located item : items) {
      Members fields = Members.of(file, "event", item);
      Event event = event(fields, memory);
      if (events.stream().anyMatch(event::clashesWith)) {
        throw fields.refused("do", event.action().text(), "no second one at " + event.at().text());
      }
      events.add(event);
    }
    return events;
  }

  private Event event(Members fields, MemoryModel memory) throws MalformedScenario {
    ActionType type = type(fields, memory);
    List<String> known = new ArrayList<>(ScenarioJson.EVENT_KEYS);
    type.fields().forEach(field -> known.add(field.name()));
    fields.refuseOthersThan(known);
    Anchor anchor = anchor(fields);
    Action action = type.create(arguments(fields, type));
    try {
      return new Event(anchor, action);
    } catch (IllegalArgumentException e) {
      throw new MalformedScenario(file, fields.line(), e.getMessage());
    }
  }

  private static ActionType type(Members fields, MemoryModel memory) throws MalformedScenario {
    String expected = "one of " + ActionType.names();
    String text = fields.text("do", expected);
    ActionType type =
        ActionType.of(text)
            .orElseThrow(
                () ->
                    fields.refused(
                        "do", text + ", unknown to format version " + Scenario.FORMAT, expected));
    if (!memory.allows(type)) {
      throw fields.refused(
          "do",
          text + ", impossible under memory=" + memory.text(),
          "memory=" + type.needs().text() + " or weaker");
    }
    return type;
  }

  private static List<Object> arguments(Members fields, ActionType type) throws MalformedScenario {
    List<Object> arguments = new ArrayList<>();
    for (ActionField field : type.fields()) {
      Object value =
          field.isNumber()
              ? (Object) fields.number(field.name(), field.expected())
              : fields.text(field.name(), field.expected());
      if (!field.accepts(value)) {
        throw fields.refused(field.name(), String.valueOf(value), field.expected());
      }
      arguments.add(value);
    }
    return arguments;
  }

  private static Anchor anchor(Members fields) throws MalformedScenario {
    String expected = "actor#point like \"reader#12\"";
    String text = fields.text("at", expected);
    Anchor anchor = Anchor.parse(text).orElseThrow(() -> fields.refused("at", text, expected));
    if (fields.find("site").isPresent()) {
      return anchor.withSite(line(fields, "site"), nth(fields));
    }
    if (fields.find("nth").isPresent()) {
      throw fields.refused("nth", "given without site", "both or none");
    }
    return anchor;
  }

  private static int nth(Members fields) throws MalformedScenario {
    return fields.number("nth", 0, Anchor.MAX_POINT);
  }
}
