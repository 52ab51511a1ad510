package dev.cryofuzz.explain;

/**
 * A site.
 *
 * @param shared whether a word is accessed there that others access, too, and somebody writes
 */
public record Place(String site, boolean loads, boolean stores, boolean shared) {
  Place and(Place other) {
    return new Place(site, loads || other.loads, stores || other.stores, shared || other.shared);
  }
}
