package dev.cryofuzz.explain;

import dev.cryofuzz.executor.Circumstances;
import dev.cryofuzz.executor.SiteOrder;
import dev.cryofuzz.executor.SiteOrder.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The smallest sets of sites that cure a failure: single ones first, then pairs; where neither is
 * enough, all sites there are, if they are few, without each that is not needed. What was found is
 * tried again twice as long, and only counts if nothing else fails either.
 */
final class Cures {
  /** So many tell where to look. */
  private static final int ENOUGH = 6;

  /** Most sets of sites fail at once, but there may be a great many. */
  private static final int MOST_TRIED = 1_000;

  private final Function<Intervention, Judged> trial;
  private final Function<Intervention, Judged> longer;
  private final Map<List<SiteOrder>, Judged> tried = new LinkedHashMap<>();

  /**
   * @param longer twice as long
   */
  Cures(Function<Intervention, Judged> trial, Function<Intervention, Judged> longer) {
    this.trial = trial;
    this.longer = longer;
  }

  /** All sets that were tried. */
  List<Judged> tried() {
    return List.copyOf(tried.values());
  }

  /** Of accesses to shared words: what they lack is an order, at the least a fence. */
  List<Judged> ofOrders(List<Place> places) {
    List<Place> shared = places.stream().filter(Place::shared).toList();
    List<SiteOrder> orders = shared.stream().flatMap(Cures::halfOrders).toList();
    List<SiteOrder> fences = at(shared, Order.FENCE);
    List<SiteOrder> both = Stream.concat(orders.stream(), fences.stream()).toList();
    return first(
        List.of(singles(orders), singles(fences), pairs(orders), pairs(both), all(orders)));
  }

  /** Of points at which another actor could have gone on: what lacks is that it can't. */
  List<Judged> ofSections(List<Place> places) {
    List<SiteOrder> unbroken = at(places, Order.UNBROKEN);
    return first(List.of(singles(unbroken), pairs(unbroken), all(unbroken)));
  }

  private static Stream<SiteOrder> halfOrders(Place place) {
    return Stream.concat(
        place.stores() ? Stream.of(new SiteOrder(place.site(), Order.RELEASE)) : Stream.empty(),
        place.loads() ? Stream.of(new SiteOrder(place.site(), Order.ACQUIRE)) : Stream.empty());
  }

  private static List<SiteOrder> at(List<Place> places, Order order) {
    return places.stream().map(place -> new SiteOrder(place.site(), order)).toList();
  }

  private static List<List<SiteOrder>> singles(List<SiteOrder> orders) {
    return orders.stream().map(List::of).toList();
  }

  private static List<List<SiteOrder>> pairs(List<SiteOrder> orders) {
    List<List<SiteOrder>> pairs = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      for (int j = i + 1; j < orders.size(); j++) {
        pairs.add(List.of(orders.get(i), orders.get(j)));
      }
    }
    return pairs;
  }

  private static List<List<SiteOrder>> all(List<SiteOrder> orders) {
    return orders.size() > Circumstances.MAX_ORDERS ? List.of() : List.of(orders);
  }

  /** Of the first size at which there are any. */
  private List<Judged> first(List<List<List<SiteOrder>>> sizes) {
    for (List<List<SiteOrder>> sets : sizes) {
      List<Judged> cures = new ArrayList<>();
      for (List<SiteOrder> set : sets) {
        if (cures.size() < ENOUGH && tried.size() < MOST_TRIED && !isCutShort() && cures(set)) {
          cures.add(tried.get(set));
        }
      }
      if (!cures.isEmpty()) {
        return cures.stream().map(this::withoutNeedless).distinct().toList();
      }
    }
    return List.of();
  }

  private boolean isCutShort() {
    return tried.values().stream().anyMatch(each -> each.seen().trouble().isPresent());
  }

  /** Of singles and pairs nothing can be left out: that was tried before. */
  private Judged withoutNeedless(Judged cure) {
    List<SiteOrder> best = ((Intervention.Ordered) cure.intervention()).orders();
    for (int i = best.size() - 1; i >= 0 && best.size() > 2; i--) {
      List<SiteOrder> fewer = new ArrayList<>(best);
      fewer.remove(i);
      best = cures(List.copyOf(fewer)) ? List.copyOf(fewer) : best;
    }
    return tried.get(best);
  }

  private boolean cures(List<SiteOrder> set) {
    return tried.computeIfAbsent(set, this::judge).isCure();
  }

  private Judged judge(List<SiteOrder> set) {
    Intervention intervention = new Intervention.Ordered(set);
    Judged judged = trial.apply(intervention);
    return judged.isCure() ? longer.apply(intervention) : judged;
  }
}
