package dev.cryofuzz.scenario;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JSON Schema (draft 2020-12) of scenarios, generated from the model, for editors and other
 * tools. It says all that a schema can; that a hold ends after it begins, that nobody switches to
 * itself, that nothing is done twice at one point, only the reader knows.
 */
public final class ScenarioSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> REQUIRED = List.of("cryofuzz", "target", "variant", "memory");

  private ScenarioSchema() {}

  public static String text() {
    return document().toPrettyString() + "\n";
  }

  private static ObjectNode document() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "cryofuzz scenario, format version " + Scenario.FORMAT);
    schema.put("type", "object");
    schema.set("required", strings(REQUIRED));
    schema.set("properties", properties());
    schema.put("additionalProperties", false);
    ArrayNode memories = schema.putArray("allOf");
    Arrays.stream(MemoryModel.values()).map(ScenarioSchema::impossible).forEach(memories::add);
    return schema;
  }

  private static ObjectNode properties() {
    ObjectNode properties = JSON.objectNode();
    properties.set("cryofuzz", JSON.objectNode().put("const", Scenario.FORMAT));
    properties.set("target", pattern(Names.NAME_PATTERN));
    properties.set("variant", pattern(Names.NAME_PATTERN));
    properties.set("memory", oneOf(Arrays.stream(MemoryModel.values()).map(MemoryModel::text)));
    properties.set("options", options());
    properties.set("params", params());
    properties.set("library", pattern(Names.LINE_PATTERN));
    properties.set("build", pattern(Names.BUILD_PATTERN));
    properties.set("events", events());
    properties.set("expect", pattern(Names.LINE_PATTERN));
    return properties;
  }

  private static ObjectNode options() {
    ObjectNode options = JSON.objectNode().put("type", "array");
    options.set("items", oneOf(Arrays.stream(RunOption.values()).map(RunOption::text)));
    return options;
  }

  private static ObjectNode params() {
    ObjectNode params = JSON.objectNode().put("type", "object");
    params.put("maxProperties", Scenario.MAX_PARAMS);
    params.set("propertyNames", pattern(Names.NAME_PATTERN));
    params.set("additionalProperties", number(Integer.MIN_VALUE, Integer.MAX_VALUE));
    return params;
  }

  private static ObjectNode events() {
    ObjectNode events = JSON.objectNode().put("type", "array");
    events.put("maxItems", Scenario.MAX_EVENTS);
    ArrayNode types = events.putObject("items").putArray("oneOf");
    Arrays.stream(ActionType.values()).map(ScenarioSchema::event).forEach(types::add);
    return events;
  }

  private static ObjectNode event(ActionType type) {
    ObjectNode event = JSON.objectNode().put("type", "object");
    ArrayNode required = event.putArray("required").add("at").add("do");
    ObjectNode properties = event.putObject("properties");
    properties.set("at", pattern(Anchor.PATTERN));
    properties.set("site", pattern(Names.LINE_PATTERN));
    properties.set("nth", number(0, Anchor.MAX_POINT));
    properties.set("do", JSON.objectNode().put("const", type.text()));
    for (ActionField field : type.fields()) {
      required.add(field.name());
      properties.set(
          field.name(),
          field.isNumber() ? number(field.min(), field.max()) : pattern(field.pattern()));
    }
    event.put("additionalProperties", false);
    ObjectNode together = event.putObject("dependentRequired");
    together.putArray("site").add("nth");
    together.putArray("nth").add("site");
    return event;
  }

  /** Under that model, these actions are impossible. */
  private static ObjectNode impossible(MemoryModel model) {
    ObjectNode rule = JSON.objectNode();
    rule.putObject("if").putObject("properties").putObject("memory").put("const", model.text());
    ArrayNode actions =
        rule.putObject("then")
            .putObject("properties")
            .putObject("events")
            .putObject("items")
            .putObject("properties")
            .putObject("do")
            .putObject("not")
            .putArray("enum");
    Arrays.stream(ActionType.values())
        .filter(type -> !model.allows(type))
        .forEach(type -> actions.add(type.text()));
    return rule;
  }

  private static ObjectNode pattern(String regex) {
    return JSON.objectNode().put("type", "string").put("pattern", "^(?:" + regex + ")$");
  }

  private static ObjectNode number(long min, long max) {
    return JSON.objectNode().put("type", "integer").put("minimum", min).put("maximum", max);
  }

  private static ObjectNode oneOf(Stream<String> texts) {
    return JSON.objectNode().set("enum", strings(texts.toList()));
  }

  private static ArrayNode strings(List<String> texts) {
    ArrayNode array = JSON.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
