package dev.cryofuzz.scenario;

/** A parameter of a target: an integer with inclusive bounds. */
public record Param(String name, int min, int max, int def) {
  public Param {
    Names.checkName("param", name);
    if (min > max) {
      throw new IllegalArgumentException("param=" + name + ": min=" + min + " max=" + max);
    }
    if (def < min || def > max) {
      throw new IllegalArgumentException("param=" + name + ": default=" + def);
    }
  }

  public boolean accepts(int value) {
    return value >= min && value <= max;
  }

  /** How many values it can have. */
  long range() {
    return (long) max - min + 1;
  }
}
