package dev.cryofuzz.scenario;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run does beside its events, if it is asked to. */
public enum RunOption {
  /** Looks for data races. */
  RACES("races", MemoryModel.SC),
  /** Other actors may come between the parts of an access that is wide or misaligned. */
  TEARING("tearing", MemoryModel.SC),
  /** Loads of one word that are no atomics may go back, as on some LoongArch cores. */
  UNORDERED_LOADS("unordered-loads", MemoryModel.WEAK);

  private final String text;
  private final MemoryModel needs;

  RunOption(String text, MemoryModel needs) {
    this.text = text;
    this.needs = needs;
  }

  public String text() {
    return text;
  }

  /** The strongest memory model that can have it. */
  public MemoryModel needs() {
    return needs;
  }

  public boolean isPossibleUnder(MemoryModel model) {
    return model.isWeakerOrEqual(needs);
  }

  public static Optional<RunOption> of(String text) {
    return Arrays.stream(values()).filter(option -> option.text.equals(text)).findFirst();
  }

  /** The known names, for error messages. */
  public static String names() {
    return Arrays.stream(values()).map(RunOption::text).collect(Collectors.joining(", "));
  }
}
