package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionField;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.trace.Cell;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Step;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A run as a table: a column for each actor, time goes down. Each actor has a letter; a value that
 * was read has the letter of who wrote it, which leads to that row.
 */
final class RunTable {
  /** As many as there are colours and borders. */
  private static final int LOOKS = 8;

  /** Longer ones say nothing more beside a step. */
  private static final int LINE = 160;

  private final RunView run;
  private final String id;
  private final Map<String, String> sources;
  private final StringBuilder out = new StringBuilder();

  private RunTable(RunView run, String id, Map<String, String> sources) {
    this.run = run;
    this.id = id;
    this.sources = sources;
  }

  /**
   * @param id which rows' ids begin with
   * @param sources places to their lines of source
   */
  static String of(RunView run, String id, String caption, Map<String, String> sources) {
    return new RunTable(run, id, sources).text(caption);
  }

  /** "A", … "Z", "A2", …: one for each actor. */
  static String letter(int actor) {
    String letter = Character.toString('A' + actor % 26);
    return actor < 26 ? letter : letter + (1 + actor / 26);
  }

  static String key(String element, int actor, String more) {
    return "<"
        + element
        + more
        + " class=\"key k"
        + actor % LOOKS
        + "\">"
        + letter(actor)
        + "</"
        + element
        + ">";
  }

  private String text(String caption) {
    List<String> actors = run.trace().actors();
    out.append("<table>\n").append(Html.element("caption", "hidden-text", Html.text(caption)));
    out.append("\n<colgroup><col class=\"mark\">")
        .append("<col class=\"actor\">".repeat(actors.size()))
        .append("<col class=\"place\"></colgroup>\n<thead><tr><th scope=\"col\" class=\"aside\">")
        .append(Html.unseen("what is special"))
        .append("</th>");
    for (int actor = 0; actor < actors.size(); actor++) {
      out.append("<th scope=\"col\">")
          .append(key("span", actor, ""))
          .append(' ')
          .append(Html.text(actors.get(actor)))
          .append("</th>");
    }
    out.append("<th scope=\"col\" class=\"aside\">source</th></tr></thead>\n");
    Stretches.of(run.rows(), run.interesting()).forEach(this::stretch);
    return out.append("</table>\n").toString();
  }

  private void stretch(Stretches.Stretch stretch) {
    if (stretch.folded()) {
      out.append("<tbody class=\"folder\"><tr><td colspan=\"")
          .append(run.trace().actors().size() + 2)
          .append("\"><button type=\"button\">Show ")
          .append(Sentences.count(stretch.size(), "more step"))
          .append("</button></td></tr></tbody>\n");
    }
    out.append(stretch.folded() ? "<tbody class=\"folded\">\n" : "<tbody>\n");
    for (int row = stretch.from(); row < stretch.to(); row++) {
      row(row);
    }
    out.append("</tbody>\n");
  }

  private void row(int row) {
    Step step = run.step(row);
    out.append("<tr id=\"").append(id).append(row).append('"');
    String kinds = kinds(row);
    if (!kinds.isEmpty()) {
      out.append(" class=\"").append(kinds).append('"');
    }
    out.append(" data-actor=\"")
        .append(Html.text(run.trace().actor(step)))
        .append("\"><th scope=\"row\">")
        .append(marks(row))
        .append("</th>");
    if (step.op() == Op.SWITCH && step.value() >= 0 && step.value() < actors()) {
      handOver(row, step, (int) step.value());
    } else {
      cells(row, step);
    }
    place(step);
    out.append("</tr>\n");
  }

  private int actors() {
    return run.trace().actors().size();
  }

  private String kinds(int row) {
    String kinds = run.isEvent(row) ? " with-event" : "";
    kinds += run.parts(row).isEmpty() ? "" : " bad";
    kinds += run.isParting(row) ? " parting" : "";
    return kinds.strip();
  }

  /** The step's row is told apart without colours, too. */
  private String marks(int row) {
    String marks =
        run.parts(row).stream()
            .map(number -> Html.element("span", "number", String.valueOf(number)))
            .collect(Collectors.joining());
    if (run.isEvent(row)) {
      marks += Html.element("span", "diamond", "◆") + Html.unseen("event");
    }
    return marks;
  }

  private void cells(int row, Step step) {
    out.append("<td></td>".repeat(step.actor()));
    out.append("<td class=\"op at")
        .append(step.actor() % LOOKS)
        .append("\" data-letter=\"")
        .append(letter(step.actor()))
        .append("\">")
        .append(point(row, step))
        .append(operation(row, step))
        .append(special(row, step))
        .append("</td>")
        .append("<td></td>".repeat(actors() - step.actor() - 1));
  }

  /** A line from column to column. */
  private void handOver(int row, Step step, int to) {
    int first = Math.min(step.actor(), to);
    int last = Math.max(step.actor(), to);
    int over = last - first + 1;
    out.append("<td></td>".repeat(first));
    out.append("<td colspan=\"")
        .append(over)
        .append("\" class=\"op switch n")
        .append(Math.min(over, LOOKS))
        .append(to > step.actor() ? " right" : " left")
        .append(" at")
        .append(step.actor() % LOOKS)
        .append("\" data-letter=\"")
        .append(letter(step.actor()))
        .append("\"><span class=\"arrow\"></span><span class=\"label\">")
        .append(point(row, step))
        .append(Html.unseen("control goes to"))
        .append("→ ")
        .append(Html.text(run.trace().actors().get(to)))
        .append("</span>")
        .append(special(row, step))
        .append("</td>")
        .append("<td></td>".repeat(actors() - last - 1));
  }

  private String point(int row, Step step) {
    return "<a class=\"point\" href=\"#" + id + row + "\">#" + step.point() + "</a> ";
  }

  /** A value looks like who wrote it. */
  private String operation(int row, Step step) {
    String text = Cell.operation(run.trace(), step);
    int equals = text.indexOf("= ");
    if (!step.op().isAccess() || equals < 0) {
      return Html.text(text) + (step.op().isMessage() ? writer(row) : "");
    }
    String value = Html.text(text.substring(equals + 2));
    return Html.text(text.substring(0, equals + 2))
        + Html.element("span", "value" + look(row, step), value)
        + writer(row);
  }

  private String look(int row, Step step) {
    boolean writes = step.op() != Op.LOAD && step.op() != Op.CAS_FAIL;
    int origin = run.origin(row);
    int writer = writes ? step.actor() : origin < 0 ? -1 : run.step(origin).actor();
    return writer < 0 ? "" : " k" + writer % LOOKS;
  }

  private String writer(int row) {
    int origin = run.origin(row);
    if (origin >= 0) {
      int actor = run.step(origin).actor();
      String more =
          " href=\"#"
              + id
              + origin
              + "\" title=\"from "
              + Html.text(run.trace().actors().get(actor))
              + "#"
              + run.step(origin).point()
              + "\"";
      return " " + key("a", actor, more);
    }
    return run.isInitial(row)
        ? " <span class=\"key none\" title=\"as it was before the first step\">∅</span>"
        : "";
  }

  private String special(int row, Step step) {
    StringBuilder text = new StringBuilder();
    Cell.special(step)
        .forEach(flag -> text.append(' ').append(Html.element("span", "tag", flag.text())));
    List<Event> events = run.events(row);
    events.forEach(event -> text.append(' ').append(event(event.action())));
    if (events.isEmpty() && step.has(Flag.EVENT)) {
      text.append(' ').append(Html.element("span", "event", "◆ an event"));
    }
    if (run.isParting(row)) {
      text.append(Html.element("span", "parts", "from here on the runs differ"));
    }
    return text.toString();
  }

  private static String event(Action action) {
    StringBuilder text = new StringBuilder("◆ ").append(Html.text(action.text()));
    List<ActionField> fields = action.type().fields();
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(Html.text(fields.get(i).name() + "=" + action.arguments().get(i)));
    }
    text.append(" <i>").append(Html.text(action.type().family().text())).append("</i>");
    return Html.element("span", "event", text.toString());
  }

  private void place(Step step) {
    out.append("<td class=\"src\">");
    if (!step.site().isEmpty()) {
      out.append(Html.code(step.site()));
      String line = sources.getOrDefault(step.site(), "");
      if (!line.isEmpty() && step.op() != Op.SWITCH) {
        out.append(' ')
            .append("<code class=\"line\">")
            .append(Html.text(cut(line)))
            .append("</code>");
      }
    }
    out.append("</td>");
  }

  private static String cut(String line) {
    return line.length() <= LINE ? line : line.substring(0, LINE) + "…";
  }
}
