package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Kind;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.sys.Capture;
import dev.cryofuzz.sys.Child;
import dev.cryofuzz.sys.Exit;
import dev.cryofuzz.sys.Spawn;
import dev.cryofuzz.trace.Flag;
import dev.cryofuzz.trace.Op;
import dev.cryofuzz.trace.Scheduling;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the header that owns the offsets and compares all of ours with it. */
@Tag("process")
class ControlLayoutTest {
  private static final String IN_CONTROL = "offsetof(struct cf_control, %s)";

  @TempDir Path folder;

  @Test
  void everyConstantEqualsTheHeader() throws Exception {
    assertThat(constants().keySet()).isEqualTo(expressions().keySet());
    assertThat(constants()).isEqualTo(evaluated(expressions()));
  }

  @Test
  void everyEnumIsNumberedAsInTheHeader() throws Exception {
    Map<String, String> expressions = new TreeMap<>();
    Map<String, Long> ours = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      put(expressions, ours, "CF_" + kind.name(), kind.number());
    }
    for (ActionType type : ActionType.values()) {
      put(expressions, ours, "CF_DO_" + type.name(), type.number());
    }
    for (MemoryModel model : MemoryModel.values()) {
      put(expressions, ours, "CF_" + model.name(), model.number());
    }
    for (Op op : Op.values()) {
      put(expressions, ours, "CF_OP_" + op.name(), op.number());
    }
    for (Flag flag : Flag.values()) {
      put(expressions, ours, "CF_STEP_" + flag.name(), flag.bit());
    }
    for (Fired.Fate fate : Fired.Fate.values()) {
      put(expressions, ours, "CF_" + fate.name(), fate.ordinal());
    }
    for (EndState.State state : EndState.State.values()) {
      put(expressions, ours, "CF_ACTOR_" + state.name(), state.ordinal());
    }
    for (Carrier carrier : Carrier.values()) {
      put(expressions, ours, "CF_CARRIER_" + carrier.name(), carrier.number());
    }
    for (Scheduling.Source source : Scheduling.Source.values()) {
      put(expressions, ours, "CF_SCHEDULING_" + source.name(), source.ordinal());
    }
    for (Strategy strategy : Strategy.values()) {
      put(expressions, ours, "CF_STRATEGY_" + strategy.name(), strategy.number());
    }
    put(expressions, ours, "CF_STRATEGIES", Strategy.values().length);
    put(expressions, ours, "CF_KINDS", Kind.values().length + 1);
    put(expressions, ours, "CF_DOS", ActionType.values().length + 1);
    put(expressions, ours, "CF_OPS", Op.values().length + 1);
    assertThat(ours).isEqualTo(evaluated(expressions));
  }

  private static void put(
      Map<String, String> expressions, Map<String, Long> ours, String name, long value) {
    expressions.put(name, name);
    ours.put(name, value);
  }

  private static Map<String, Long> constants() throws IllegalAccessException {
    Map<String, Long> constants = new TreeMap<>();
    for (Field field : ControlLayout.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
        constants.put(field.getName(), ((Number) field.get(null)).longValue());
      }
    }
    return constants;
  }

  private static Map<String, String> expressions() {
    Map<String, String> c = new TreeMap<>();
    c.put("MAGIC", "CF_MAGIC");
    c.put("LAYOUT", "CF_LAYOUT");
    c.put("MAX_ACTORS", "CF_MAX_ACTORS");
    c.put("MAX_PARAMS", "CF_MAX_PARAMS");
    c.put("MAX_EVENTS", "CF_MAX_EVENTS");
    c.put("MAX_FACTS", "CF_MAX_FACTS");
    fields(c, "HEADER_", "header.", "magic layout size");
    c.put("MAILBOX", "CF_OFF_MAILBOX");
    c.put("MAILBOX_SIZE", "sizeof(struct cf_mailbox)");
    fields(c, "", "mailbox.", "request reply ready executor_pid cpu");
    fields(c, "", "mailbox.", "runs strategy seed complete schedules exhausted by");
    fields(c, "", "mailbox.", "squares points");
    c.put("BURST_BUDGET", IN_CONTROL.formatted("mailbox.budget"));
    c.put("REQUEST_KIND", IN_CONTROL.formatted("mailbox.kind"));
    c.put("REQUEST_RUN", "CF_RUN");
    c.put("REQUEST_FRESH", "CF_FRESH");
    c.put("REQUEST_QUIT", "CF_QUIT");
    c.put("REQUEST_EXPLORE", "CF_EXPLORE");
    c.put("REQUEST_COLLECT", "CF_COLLECT");
    c.put("REQUEST_COLLECT_ON", "CF_COLLECT_ON");
    c.put("REQUEST_NATIVE", "CF_NATIVE");
    c.put("REQUEST_NATIVE_ON", "CF_NATIVE_ON");
    c.put("NO_CPU", "(int32_t)0xffffffff");
    c.put("PLAN", "CF_OFF_PLAN");
    fields(c, "PLAN_", "plan.", "variant memory flags budget params events carrier event");
    fields(c, "PLAN_", "plan.", "without ordered order");
    c.put("PLAN_FEEDBACK", "CF_PLAN_FEEDBACK");
    c.put("PLAN_AUDIT", "CF_PLAN_AUDIT");
    c.put("PLAN_RACES", "CF_PLAN_RACES");
    c.put("PLAN_TEARING", "CF_PLAN_TEARING");
    c.put("PLAN_UNORDERED_LOADS", "CF_PLAN_UNORDERED_LOADS");
    c.put("PLAN_NEW_ONLY", "CF_PLAN_NEW_ONLY");
    c.put("PLAN_SCHEDULING", "CF_PLAN_SCHEDULING");
    c.put("EVENT_SIZE", "sizeof(struct cf_event)");
    members(c, "EVENT_", "cf_event", "op actor by_site added point site nth arg value");
    c.put("RESULT", "CF_OFF_RESULT");
    fields(c, "RESULT_", "result.", "outcome kind actor site_id site detail hash pc points");
    fields(c, "RESULT_", "result.", "switches commits unseen steps actors unannounced");
    fields(c, "RESULT_", "result.", "actor_result fired unannounced_pc share");
    fields(c, "RESULT_", "result.", "outcome_text listed told");
    c.put("OUTCOME_BYTES", "CF_OUTCOME_TEXT");
    c.put("SITE_BYTES", "CF_SITE_NAME");
    c.put("DETAIL_BYTES", "CF_DETAIL");
    c.put("WAITS_BYTES", "CF_WAITS");
    c.put("MAX_UNANNOUNCED", "sizeof(((struct cf_result *)0)->unannounced_pc) / 8");
    c.put("OUTCOME_PASSED", "CF_PASSED");
    c.put("OUTCOME_VIOLATED", "CF_VIOLATED");
    c.put("OUTCOME_UNSUPPORTED", "CF_UNSUPPORTED");
    c.put("OUTCOME_BROKEN", "CF_BROKEN");
    c.put("ACTOR_RESULT_SIZE", "sizeof(struct cf_actor_result)");
    members(c, "ACTOR_", "cf_actor_result", "state points site pid waits");
    c.put("FIRED_SIZE", "sizeof(struct cf_fired)");
    members(c, "FIRED_", "cf_fired", "fate point site nth");
    c.put("SEGMENT_ADDRESS", "CF_SEGMENT_ADDRESS");
    c.put("FEEDBACK", "CF_OFF_FEEDBACK");
    c.put("FEEDBACK_SIZE", "CF_FEEDBACK_SIZE");
    c.put("TRACE", "CF_OFF_TRACE");
    c.put("TRACE_STEPS", "CF_TRACE_STEPS");
    c.put("STEP_SIZE", "sizeof(struct cf_step)");
    members(c, "STEP_", "cf_step", "actor op flags point site address value extra");
    c.put("STEP_SIZE_OF_ACCESS", "offsetof(struct cf_step, size)");
    c.put("TEXT", "CF_OFF_TEXT");
    c.put("TEXT_BYTES", "CF_TEXT_SIZE");
    c.put("OUTCOMES", "CF_OFF_OUTCOMES");
    c.put("OUTCOMES_SIZE", "CF_OUTCOMES_SIZE");
    fields(c, "OUTCOMES_", "outcomes.", "seen complete covered runs others exhausted");
    fields(c, "OUTCOMES_", "outcomes.", "impossible entry");
    c.put("SEEN_SIZE", "sizeof(struct cf_seen)");
    members(c, "SEEN_", "cf_seen", "text site kind site_id listed runs facts plan");
    c.put("SCHEDULING", "CF_OFF_SCHEDULING");
    c.put("SCHEDULING_SIZE", "CF_SCHEDULING_SIZE");
    fields(c, "SCHEDULING_", "scheduling.", "source periods more lost why sum entry");
    c.put("SUM_SIZE", "sizeof(struct cf_scheduled)");
    members(c, "SUM_", "cf_scheduled", "wait delay run periods pid");
    c.put("PERIOD_SIZE", "sizeof(struct cf_period)");
    members(c, "PERIOD_", "cf_period", "at wait delay run actor cpu state");
    c.put("MAX_PERIODS", "CF_PERIODS");
    c.put("CONTROL_SIZE", "CF_CONTROL_SIZE");
    return c;
  }

  private static void fields(Map<String, String> c, String ours, String theirs, String names) {
    for (String name : names.split(" ")) {
      c.put(ours + name.toUpperCase(Locale.ROOT), IN_CONTROL.formatted(theirs + name));
    }
  }

  private static void members(Map<String, String> c, String ours, String struct, String names) {
    for (String name : names.split(" ")) {
      String offset = "offsetof(struct " + struct + ", " + name + ")";
      c.put(ours + name.toUpperCase(Locale.ROOT), offset);
    }
  }

  private Map<String, Long> evaluated(Map<String, String> expressions) throws IOException {
    StringBuilder program = new StringBuilder("#include <stdio.h>\n#include \"control.h\"\n");
    program.append("int main(void)\n{\n");
    expressions.forEach(
        (name, expression) ->
            program.append(
                "\tprintf(\"" + name + " %lld\\n\", (long long)(" + expression + "));\n"));
    program.append("\treturn 0;\n}\n");
    Path source = Files.writeString(folder.resolve("layout.c"), program);
    Path binary = folder.resolve("layout");
    Path include = Path.of(System.getProperty("cryofuzz.home"), "harness/include");
    output("/usr/bin/gcc", "-I" + include, "-o", binary.toString(), source.toString());
    Map<String, Long> values = new TreeMap<>();
    output(binary.toString())
        .lines()
        .forEach(line -> values.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
    return values;
  }

  private static String output(String... command) {
    try (Capture out = new Capture("out");
        Child child = Spawn.command(command).stdout(out.path()).stderr(out.path()).start()) {
      Exit exit = child.await(Duration.ofSeconds(60)).orElseThrow();
      assertThat(exit.clean()).as(out.tail(2000)).isTrue();
      return out.tail(1 << 20);
    }
  }
}
