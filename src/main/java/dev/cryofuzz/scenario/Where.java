package dev.cryofuzz.scenario;

/**
 * Where a freeze lands: when the hook of its point has returned to the target's code, so many
 * instructions past that, or inside the call that is made there, if that blocks.
 *
 * @param number 0 = "here", up to {@link #MAX_STEPS} "step n", one more "inside"; as in control.h
 */
public record Where(int number) {
  static final int MAX_STEPS = 64;

  /** How many there are. */
  static final int COUNT = MAX_STEPS + 2;

  static final String PATTERN = "here|inside|step ([1-9]|[1-5][0-9]|6[0-4])";
  static final String EXPECTED = "\"here\", \"inside\" or \"step N\" with N from 1 to " + MAX_STEPS;

  public static final Where HERE = new Where(0);
  public static final Where INSIDE = new Where(MAX_STEPS + 1);

  private static final String STEP = "step ";

  public Where {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("where=" + number + ": expected 0 to " + (COUNT - 1));
    }
  }

  public static Where step(int instructions) {
    return new Where(instructions);
  }

  static Where of(String text) {
    return switch (text) {
      case "here" -> HERE;
      case "inside" -> INSIDE;
      default -> step(Integer.parseInt(text.substring(STEP.length())));
    };
  }

  public String text() {
    if (equals(INSIDE)) {
      return "inside";
    }
    return number == 0 ? "here" : STEP + number;
  }
}
