package dev.cryofuzz.scenario;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.stream.Collectors;

/** The canonical text: one line per event, members in one order, so that files can be compared. */
final class ScenarioWriter {
  private final StringBuilder out = new StringBuilder();

  private ScenarioWriter() {}

  static String write(Scenario scenario) {
    ScenarioWriter writer = new ScenarioWriter();
    writer.document(scenario);
    return writer.out.toString();
  }

  private void document(Scenario scenario) {
    out.append("{ \"cryofuzz\": ").append(Scenario.FORMAT).append(",\n  ");
    text("target", scenario.target()).append(", ");
    text("variant", scenario.variant()).append(", ");
    text("memory", scenario.memory().text());
    options(scenario);
    out.append(",\n  ");
    key("params").append(params(scenario));
    scenario.library().ifPresent(path -> nextLine().text("library", path));
    scenario.build().ifPresent(id -> nextLine().text("build", id));
    nextLine().events(scenario.events());
    scenario.expect().ifPresent(title -> nextLine().text("expect", title));
    out.append(" }\n");
  }

  private void options(Scenario scenario) {
    if (!scenario.options().isEmpty()) {
      out.append(", ");
      key("options")
          .append(
              scenario.options().stream()
                  .map(option -> quoted(option.text()))
                  .collect(Collectors.joining(", ", "[ ", " ]")));
    }
  }

  private static String params(Scenario scenario) {
    return scenario.params().isEmpty()
        ? "{}"
        : scenario.params().entrySet().stream()
            .map(param -> quoted(param.getKey()) + ": " + param.getValue())
            .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private void events(List<Event> events) {
    key("events").append('[');
    String separator = "\n    ";
    for (Event event : events) {
      out.append(separator);
      event(event);
      separator = ",\n    ";
    }
    out.append(events.isEmpty() ? "]" : "\n  ]");
  }

  private void event(Event event) {
    out.append("{ ");
    text("at", event.at().text()).append(", ");
    event.at().site().ifPresent(site -> site(site, event.at().nth()));
    text("do", event.action().text());
    List<ActionField> fields = event.action().type().fields();
    for (int i = 0; i < fields.size(); i++) {
      out.append(", ");
      argument(fields.get(i).name(), event.action().arguments().get(i));
    }
    out.append(" }");
  }

  private void site(String site, int nth) {
    text("site", site).append(", ");
    key("nth").append(nth).append(", ");
  }

  private void argument(String name, Object value) {
    if (value instanceof String text) {
      text(name, text);
    } else {
      key(name).append(value);
    }
  }

  private ScenarioWriter nextLine() {
    out.append(",\n  ");
    return this;
  }

  private StringBuilder key(String name) {
    return out.append(quoted(name)).append(": ");
  }

  private StringBuilder text(String name, String value) {
    return key(name).append(quoted(value));
  }

  private static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
