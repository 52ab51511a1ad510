package dev.cryofuzz.executor;

import dev.cryofuzz.scenario.ActionType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Under which runs around a scenario are made.
 *
 * @param without events of these kinds are not added
 * @param orders of sites, otherwise than their code says; a few
 */
public record Circumstances(Set<ActionType> without, List<SiteOrder> orders) {
  public static final Circumstances USUAL = new Circumstances(Set.of(), List.of());
  public static final int MAX_ORDERS = 8;

  public Circumstances {
    without = without.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(without));
    orders = List.copyOf(orders);
    if (orders.size() > MAX_ORDERS) {
      throw new IllegalArgumentException("orders=" + orders.size() + ": at most " + MAX_ORDERS);
    }
  }
}
