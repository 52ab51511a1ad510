package dev.cryofuzz.target;

import java.util.Collection;

/** A name that somebody typed or wrote, and that the target doesn't have: a caller's mistake. */
public final class UnknownName extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  UnknownName(String target, String what, String name, Collection<String> known) {
    super(
        what
            + "="
            + name
            + ": unknown, target "
            + target
            + " has "
            + (known.isEmpty() ? "none" : String.join(", ", known)));
  }
}
