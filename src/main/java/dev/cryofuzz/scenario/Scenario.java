package dev.cryofuzz.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A target plus a short list of events; without events it is the target's default run. Always
 * canonical: events are in {@link Event#ORDER}, params sorted by name, so equal scenarios have
 * equal bytes. Params that are not named have the target's defaults.
 *
 * @param expect the title of the finding that it must cause; empty: it must pass
 * @param build the id of the target's build that points were counted on
 * @param library the target's shared object, as it was typed; empty: it is one of cryofuzz's own
 * @param options what its run does beside its events
 */
public record Scenario(
    String target,
    String variant,
    MemoryModel memory,
    SortedMap<String, Integer> params,
    List<Event> events,
    Optional<String> expect,
    Optional<String> build,
    Optional<String> library,
    SortedSet<RunOption> options) {
  public static final int FORMAT = 1;
  public static final int MAX_EVENTS = 64;
  public static final int MAX_PARAMS = 32;

  public Scenario {
    Names.checkName("target", target);
    Names.checkName("variant", variant);
    params = checkedParams(params);
    events = checkedEvents(events, memory);
    expect.ifPresent(title -> Names.checkLine("expect", title));
    build.ifPresent(Names::checkBuild);
    library.ifPresent(path -> Names.checkLine("library", path));
    options = checkedOptions(options, memory);
  }

  /** The default run. */
  public static Scenario of(String target, String variant, MemoryModel memory) {
    return new Scenario(
        target,
        variant,
        memory,
        new TreeMap<>(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Collections.emptySortedSet());
  }

  public Scenario withVariant(String other) {
    return new Scenario(target, other, memory, params, events, expect, build, library, options);
  }

  public Scenario withOptions(Collection<RunOption> others) {
    return new Scenario(
        target, variant, memory, params, events, expect, build, library, new TreeSet<>(others));
  }

  /** Events and options that the new model can't have are dropped. */
  public Scenario withMemory(MemoryModel model) {
    SortedSet<RunOption> left = new TreeSet<>(options);
    left.removeIf(option -> !option.isPossibleUnder(model));
    List<Event> possible =
        events.stream().filter(event -> model.allows(event.action().type())).toList();
    return new Scenario(target, variant, model, params, possible, expect, build, library, left);
  }

  public Scenario withParams(Map<String, Integer> values) {
    return new Scenario(
        target, variant, memory, new TreeMap<>(values), events, expect, build, library, options);
  }

  public Scenario withParam(String name, int value) {
    SortedMap<String, Integer> changed = new TreeMap<>(params);
    changed.put(name, value);
    return withParams(changed);
  }

  public Scenario withEvents(List<Event> others) {
    return new Scenario(target, variant, memory, params, others, expect, build, library, options);
  }

  /** Adds events that were chosen by somebody else; those that clash with ours are left out. */
  public Scenario withMoreEvents(List<Event> more) {
    List<Event> all = new ArrayList<>(events);
    for (Event event : more) {
      if (all.size() < MAX_EVENTS) {
        event.insertInto(all);
      }
    }
    return withEvents(all);
  }

  public Scenario withExpect(String title) {
    return new Scenario(
        target, variant, memory, params, events, Optional.of(title), build, library, options);
  }

  public Scenario withoutExpect() {
    return new Scenario(
        target, variant, memory, params, events, Optional.empty(), build, library, options);
  }

  public Scenario withBuild(String id) {
    return new Scenario(
        target, variant, memory, params, events, expect, Optional.of(id), library, options);
  }

  public Scenario withLibrary(Optional<String> path) {
    return new Scenario(target, variant, memory, params, events, expect, build, path, options);
  }

  /** What the byte form can say: no sites, no expected title, no build, no library. */
  public Scenario bare() {
    List<Event> unsited =
        events.stream().map(event -> event.withAt(event.at().withoutSite())).toList();
    return new Scenario(
        target,
        variant,
        memory,
        params,
        unsited,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        options);
  }

  private static SortedMap<String, Integer> checkedParams(SortedMap<String, Integer> params) {
    if (params.size() > MAX_PARAMS) {
      throw new IllegalArgumentException("params=" + params.size() + ": at most " + MAX_PARAMS);
    }
    params.keySet().forEach(name -> Names.checkName("param", name));
    return Collections.unmodifiableSortedMap(new TreeMap<>(params));
  }

  private static SortedSet<RunOption> checkedOptions(
      SortedSet<RunOption> options, MemoryModel memory) {
    for (RunOption option : options) {
      if (!option.isPossibleUnder(memory)) {
        throw new IllegalArgumentException("memory=" + memory.text() + ": has no " + option.text());
      }
    }
    return options.isEmpty()
        ? Collections.emptySortedSet()
        : Collections.unmodifiableSortedSet(new TreeSet<>(options));
  }

  private static List<Event> checkedEvents(List<Event> events, MemoryModel memory) {
    if (events.size() > MAX_EVENTS) {
      throw new IllegalArgumentException("events=" + events.size() + ": at most " + MAX_EVENTS);
    }
    List<Event> sorted = sorted(events);
    for (int i = 0; i < sorted.size(); i++) {
      Event event = sorted.get(i);
      if (!memory.allows(event.action().type())) {
        throw new IllegalArgumentException(
            "memory=" + memory.text() + ": has no " + event.action().text());
      }
      if (i > 0 && event.clashesWith(sorted.get(i - 1))) {
        throw new IllegalArgumentException(
            "events: two of do=" + event.action().text() + " at=" + event.at().text());
      }
    }
    return sorted;
  }

  /** Each run of a fuzzer makes a few scenarios, nearly always of events in their order. */
  private static List<Event> sorted(List<Event> events) {
    for (int i = 1; i < events.size(); i++) {
      if (Event.ORDER.compare(events.get(i - 1), events.get(i)) > 0) {
        return events.stream().sorted(Event.ORDER).toList();
      }
    }
    return List.copyOf(events);
  }
}
