package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Shape;
import dev.cryofuzz.trace.Census;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A census for people: steps by events, with a letter beside each zero that stands for its reason,
 * then the states. What can be at no step at all is said below instead of filling columns.
 */
public final class CensusTable {
  private final Shape shape;
  private final Census census;
  private final CensusReasons reasons;
  private final Map<String, Character> letters = new LinkedHashMap<>();
  private final Map<String, List<String>> nowhere = new LinkedHashMap<>();
  private final StringBuilder out = new StringBuilder();

  private CensusTable(Shape shape, Census census) {
    this.shape = shape;
    this.census = census;
    this.reasons = new CensusReasons(shape, census);
  }

  public static String of(Shape shape, Census census) {
    CensusTable table = new CensusTable(shape, census);
    table.heading();
    table.steps();
    table.states();
    return table.out.toString();
  }

  private void heading() {
    out.append(
        String.format(
            Locale.ROOT,
            "%s %s, memory %s: in how many of %,d runs an event took effect at a step%n",
            shape.target(),
            shape.variant(),
            shape.memory().text(),
            census.runs()));
  }

  private void steps() {
    List<Integer> columns = columns();
    List<String> header = new ArrayList<>(List.of("step"));
    columns.forEach(column -> header.add(cell(census.rows().get(0), column).event()));
    Table table = new Table(header.toArray(String[]::new));
    for (Census.Row row : census.rows()) {
      List<Object> cells = new ArrayList<>(List.of(row.step()));
      columns.forEach(column -> cells.add(text(row, cell(row, column))));
      table.row(cells.toArray());
    }
    out.append(table.text());
    letters.forEach((reason, letter) -> line("0 " + letter + ": " + reason));
    nowhere.forEach((reason, events) -> line(String.join(", ", events) + ": " + reason));
  }

  /** Those of which some step can have one. */
  private List<Integer> columns() {
    if (census.rows().isEmpty()) {
      return List.of();
    }
    return IntStream.range(0, census.rows().get(0).cells().size())
        .filter(column -> !isNowhere(column))
        .boxed()
        .toList();
  }

  private boolean isNowhere(int column) {
    Set<Optional<String>> why =
        census.rows().stream()
            .map(row -> reasons.impossible(row, cell(row, column)))
            .collect(Collectors.toSet());
    if (why.size() != 1 || why.contains(Optional.<String>empty())) {
      return false;
    }
    String event = cell(census.rows().get(0), column).event();
    nowhere
        .computeIfAbsent(why.iterator().next().orElseThrow(), reason -> new ArrayList<>())
        .add(event);
    return true;
  }

  private static Census.Cell cell(Census.Row row, int column) {
    return row.cells().get(column);
  }

  private String text(Census.Row row, Census.Cell cell) {
    return reasons.of(row, cell).map(this::zero).orElse(number(cell.fired()));
  }

  private String zero(String reason) {
    char next = (char) ('a' + letters.size());
    return "0 " + letters.computeIfAbsent(reason, unknown -> next);
  }

  private void states() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    census
        .states()
        .forEach(
            (state, runs) -> {
              int equals = state.indexOf('=');
              values
                  .computeIfAbsent(state.substring(0, equals), name -> new ArrayList<>())
                  .add(state.substring(equals + 1) + ": " + number(runs));
            });
    if (values.isEmpty()) {
      return;
    }
    Table table = new Table("state", "runs with each value");
    values.forEach((name, runs) -> table.row(name, String.join("  ", runs)));
    out.append(table.text());
    if (census.states().containsValue(0L)) {
      line("a value with 0 was not drawn in any of these runs");
    }
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void line(String text) {
    out.append(Printable.line(text)).append('\n');
  }
}
