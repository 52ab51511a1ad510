package dev.cryofuzz.scenario;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What scenarios of one target, variant and memory model can say.
 *
 * @param extras what may be done to its actors of what is done only on request
 * @param options of all of them
 */
public record Shape(
    String target,
    String variant,
    MemoryModel memory,
    List<Role> roles,
    List<Param> params,
    List<String> fields,
    List<String> channels,
    Set<ActionType> extras,
    SortedSet<RunOption> options) {
  public static final int MAX_ACTORS = 8;

  public Shape {
    Names.checkName("target", target);
    Names.checkName("variant", variant);
    roles = List.copyOf(roles);
    params = List.copyOf(params);
    fields = List.copyOf(fields);
    channels = List.copyOf(channels);
    extras = Set.copyOf(extras);
    options = Collections.unmodifiableSortedSet(new TreeSet<>(options));
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("target=" + target + ": expected a role");
    }
    for (Role role : roles) {
      checkCount(role, params);
    }
  }

  /** One without extras. */
  public Shape(
      String target,
      String variant,
      MemoryModel memory,
      List<Role> roles,
      List<Param> params,
      List<String> fields,
      List<String> channels) {
    this(target, variant, memory, roles, params, fields, channels, Set.of());
  }

  /** One without options. */
  public Shape(
      String target,
      String variant,
      MemoryModel memory,
      List<Role> roles,
      List<Param> params,
      List<String> fields,
      List<String> channels,
      Set<ActionType> extras) {
    this(
        target,
        variant,
        memory,
        roles,
        params,
        fields,
        channels,
        extras,
        Collections.emptySortedSet());
  }

  /** The same with these options, as far as the memory model can have them. */
  public Shape withOptions(Set<RunOption> wanted) {
    SortedSet<RunOption> possible = new TreeSet<>(wanted);
    possible.removeIf(option -> !option.isPossibleUnder(memory));
    return new Shape(target, variant, memory, roles, params, fields, channels, extras, possible);
  }

  /** The same with no other extras than these. */
  public Shape withOnly(Set<ActionType> wanted) {
    Set<ActionType> both =
        extras.stream().filter(wanted::contains).collect(Collectors.toUnmodifiableSet());
    return new Shape(target, variant, memory, roles, params, fields, channels, both, options);
  }

  /** Actor names in the order in which they are scheduled; params not given have defaults. */
  public List<String> actors(Map<String, Integer> given) {
    Map<String, Integer> values = complete(given);
    return roles.stream().flatMap(role -> role.actors(values).stream()).toList();
  }

  /** The default run. */
  public Scenario defaultRun() {
    return Scenario.of(target, variant, memory).withParams(complete(Map.of())).withOptions(options);
  }

  /** The given values, and the defaults of all other params. */
  public SortedMap<String, Integer> complete(Map<String, Integer> given) {
    SortedMap<String, Integer> values = new TreeMap<>();
    params.forEach(param -> values.put(param.name(), param.def()));
    values.putAll(given);
    return values;
  }

  public Optional<Param> param(String name) {
    for (Param param : params) {
      if (param.name().equals(name)) {
        return Optional.of(param);
      }
    }
    return Optional.empty();
  }

  /** Params that the target doesn't have, or values out of bounds, are refused. */
  public void checkParams(Map<String, Integer> given) {
    for (Map.Entry<String, Integer> value : given.entrySet()) {
      Param param =
          param(value.getKey())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "param="
                              + value.getKey()
                              + ": unknown, "
                              + target
                              + " has "
                              + params.stream().map(Param::name).toList()));
      if (!param.accepts(value.getValue())) {
        throw new IllegalArgumentException(
            param.name()
                + "="
                + value.getValue()
                + ": expected "
                + param.min()
                + " to "
                + param.max());
      }
    }
  }

  /** Whether runs of this shape can have the action at all. */
  public boolean allows(ActionType type, int actors) {
    if (type.family().onRequest() && !extras.contains(type)) {
      return false;
    }
    boolean possible =
        switch (type) {
          case SWITCH, DELAY -> actors > 1;
          case REWRITE -> !channels.isEmpty() && !fields.isEmpty();
          default -> type.family() != Family.FRAME || !channels.isEmpty();
        };
    return possible && memory.allows(type);
  }

  /** Whether it means anything where these actors play. */
  public boolean allows(Event event, List<String> actors) {
    boolean reachesNobody = event.action() instanceof Action.Switch to && !actors.contains(to.to());
    return actors.contains(event.at().actor())
        && !reachesNobody
        && allows(event.action().type(), actors.size());
  }

  private static void checkCount(Role role, List<Param> params) {
    role.count()
        .filter(count -> params.stream().noneMatch(param -> param.name().equals(count)))
        .ifPresent(
            count -> {
              throw new IllegalArgumentException(
                  "role=" + role.name() + ": count=" + count + " is no param");
            });
  }
}
