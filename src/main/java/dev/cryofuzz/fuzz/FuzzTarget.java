package dev.cryofuzz.fuzz;

/** What Jazzer calls in a worker. */
public final class FuzzTarget {
  private FuzzTarget() {}
}
