package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The simulated memory models, each weaker than the one before. Numbered like enum cf_memory. */
public enum MemoryModel {
  SC("sc"),
  X86("x86"),
  WEAK("weak"),
  WEAK_EARLY("weak-early");

  private final String text;

  MemoryModel(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The number of this model in the control block. */
  public int number() {
    return ordinal();
  }

  public boolean isWeakerOrEqual(MemoryModel other) {
    return compareTo(other) >= 0;
  }

  /** The weakest events need the weakest model: holding is TSO, reading the past is not. */
  public boolean allows(ActionType type) {
    return isWeakerOrEqual(type.needs());
  }

  public static Optional<MemoryModel> of(String text) {
    return Arrays.stream(values()).filter(model -> model.text.equals(text)).findFirst();
  }

  /** The known names, for error messages: "sc, x86, weak, weak-early". */
  public static String names() {
    return Arrays.stream(values()).map(MemoryModel::text).collect(Collectors.joining(", "));
  }
}
