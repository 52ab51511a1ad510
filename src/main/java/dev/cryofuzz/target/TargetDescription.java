package dev.cryofuzz.target;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.ActionType;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Role;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A target as it describes itself. Indexes in the control block are positions in these lists.
 *
 * @param build the id of its build; points are counted anew on another
 * @param shared bytes of the shared segment in use
 * @param external whether it has to do with processes that nobody controls, so that its runs are
 *     not the same every time
 * @param survives whether it promises to survive faults
 * @param fibers whether its actors can play as fibers in one process
 * @param perProcessor whether what comes of a run depends on which processor each actor is on
 * @param alarms whether its actors set alarms, which may ring at any point
 * @param unsupported why it can't run here
 * @param variants the first one is the default
 * @param outcomes that it knows of; a run that ends in another way is a finding, unless there are
 *     none
 * @param facts that it may say of a run
 * @param loads that it must stand
 * @param library its shared object, as the user typed it; empty: it is one of cryofuzz's own
 * @param keeps what must be the same before and after, of a target that freezes; else empty
 */
public record TargetDescription(
    String name,
    String summary,
    String build,
    int shared,
    boolean external,
    boolean survives,
    boolean fibers,
    boolean perProcessor,
    boolean alarms,
    Optional<String> unsupported,
    List<Role> roles,
    List<DescribedParam> params,
    List<Variant> variants,
    List<String> keeps,
    List<Field> fields,
    List<Channel> channels,
    List<DescribedOutcome> outcomes,
    List<DescribedFact> facts,
    List<Load> loads,
    Optional<String> library) {
  public TargetDescription {
    roles = List.copyOf(roles);
    params = List.copyOf(params);
    variants = List.copyOf(variants);
    keeps = List.copyOf(keeps);
    fields = List.copyOf(fields);
    channels = List.copyOf(channels);
    outcomes = List.copyOf(outcomes);
    facts = List.copyOf(facts);
    loads = List.copyOf(loads);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("target=" + name + ": expected a variant");
    }
    checkRoles(name, variants.get(0), roles, params);
    checkBreaks(name, variants, keeps);
  }

  /** Reads what {@code executor --describe} printed. */
  public static TargetDescription parse(String json) {
    return DescriptionJson.parse(json);
  }

  /** The same as the user's own, at this path. */
  public TargetDescription in(String path) {
    return new TargetDescription(
        name,
        summary,
        build,
        shared,
        external,
        survives,
        fibers,
        perProcessor,
        alarms,
        unsupported,
        roles,
        params,
        variants,
        keeps,
        fields,
        channels,
        outcomes,
        facts,
        loads,
        Optional.of(path));
  }

  /** With all that is needed to find this target and the scenario's points in it again. */
  public Scenario sign(Scenario scenario) {
    return scenario.withBuild(build).withLibrary(library);
  }

  /** Without the params that are as by default: what is listed matters. */
  public Scenario brief(Scenario scenario) {
    Map<String, Integer> params = new TreeMap<>(scenario.params());
    params.entrySet().removeIf(given -> param(given.getKey()).param().def() == given.getValue());
    return scenario.withParams(params);
  }

  public Variant defaultVariant() {
    return variants.get(0);
  }

  public List<Variant> goodVariants() {
    return variants.stream().filter(Variant::isGood).toList();
  }

  public Variant variant(String wanted) {
    return variants.get(variantIndex(wanted));
  }

  public int variantIndex(String wanted) {
    return index("variant", wanted, variants, Variant::name);
  }

  public DescribedParam param(String wanted) {
    return params.get(paramIndex(wanted));
  }

  public int paramIndex(String wanted) {
    return index("param", wanted, params, described -> described.param().name());
  }

  public int fieldIndex(String wanted) {
    return index("field", wanted, fields, Field::name);
  }

  /** Actor names in the order in which they are scheduled; params not given have defaults. */
  public List<String> actors(Map<String, Integer> given) {
    return shape(defaultVariant().name(), MemoryModel.SC).actors(given);
  }

  public int actorIndex(Map<String, Integer> given, String wanted) {
    return index("actor", wanted, actors(given), Function.identity());
  }

  public Shape shape(String variant, MemoryModel memory) {
    return new Shape(
        name,
        variant(variant).name(),
        memory,
        roles,
        params.stream().map(DescribedParam::param).toList(),
        fields.stream().map(Field::name).toList(),
        carriers(),
        extras());
  }

  /** Of what others have on request, what belongs to each campaign. */
  public Set<ActionType> usual() {
    Set<ActionType> usual = EnumSet.noneOf(ActionType.class);
    if (perProcessor) {
      usual.addAll(ActionType.of(Family.MACHINE));
    }
    if (alarms) {
      usual.add(ActionType.EXPIRE);
    }
    return usual;
  }

  private Set<ActionType> extras() {
    Set<ActionType> extras = EnumSet.copyOf(ActionType.of(Family.MACHINE));
    if (!external) {
      extras.addAll(ActionType.of(Family.FREEZE));
    }
    if (alarms) {
      extras.add(ActionType.EXPIRE);
    }
    if (survives) {
      extras.addAll(ActionType.of(Family.FAULT));
    }
    return extras;
  }

  /**
   * Where frame events happen: channels, and the calls that talk with processes nobody controls.
   */
  private List<String> carriers() {
    Stream<String> names = channels.stream().map(Channel::name);
    return external ? Stream.concat(names, Stream.of("external")).toList() : names.toList();
  }

  /** Whether the scenario can be run at all; names that don't exist here are refused. */
  public void check(Scenario scenario) {
    if (!scenario.target().equals(name)) {
      throw new UnknownName(name, "target", scenario.target(), List.of(name));
    }
    variant(scenario.variant());
    scenario.params().forEach(this::checkParam);
    List<String> actors = actors(scenario.params());
    scenario.events().forEach(event -> check(event, actors));
  }

  /** Roles that count by a param which isn't there would only show up in the middle of a run. */
  private static void checkRoles(
      String name, Variant variant, List<Role> roles, List<DescribedParam> params) {
    new Shape(
        name,
        variant.name(),
        variant.memory(),
        roles,
        params.stream().map(DescribedParam::param).toList(),
        List.of(),
        List.of());
  }

  private static void checkBreaks(String name, List<Variant> variants, List<String> keeps) {
    variants.stream()
        .flatMap(variant -> variant.breaks().stream())
        .filter(broken -> !keeps.contains(broken))
        .forEach(
            broken -> {
              throw new UnknownName(name, "breaks", broken, keeps);
            });
  }

  private void checkParam(String wanted, int value) {
    Param param = param(wanted).param();
    if (!param.accepts(value)) {
      throw new IllegalArgumentException(
          wanted + "=" + value + ": expected " + param.min() + " to " + param.max());
    }
  }

  private void check(Event event, List<String> actors) {
    index("actor", event.at().actor(), actors, Function.identity());
    if (event.action() instanceof Action.Switch to) {
      index("actor", to.to(), actors, Function.identity());
    }
    if (event.action() instanceof Action.Rewrite rewrite) {
      fieldIndex(rewrite.field());
    }
    if (event.action().family() == Family.FREEZE && external) {
      throw new IllegalArgumentException(
          "do="
              + event.action().text()
              + ": target "
              + name
              + " freezes a process of its own, its actors can't be frozen");
    }
    if (event.action().family() == Family.FRAME && carriers().isEmpty()) {
      throw new IllegalArgumentException(
          "do=" + event.action().text() + ": target " + name + " has no channel");
    }
  }

  private <T> int index(String what, String wanted, List<T> items, Function<T, String> naming) {
    for (int i = 0; i < items.size(); i++) {
      if (naming.apply(items.get(i)).equals(wanted)) {
        return i;
      }
    }
    throw new UnknownName(name, what, wanted, items.stream().map(naming).toList());
  }
}
