package dev.cryofuzz.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, and what may have been meant. */
final class Misuse {
  private Misuse() {}

  /**
   * @param environment in which values may stand that nobody has typed
   */
  static String text(ParameterException e, Map<String, String> environment) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    return e.getMessage()
        + (e.getArgSpec() instanceof OptionSpec option
                && environment.containsKey(EnvironmentDefaults.name(option))
            ? "; " + EnvironmentDefaults.name(option) + " is set"
            : "");
  }

  private static String unmatched(UnmatchedArgumentException unmatched) {
    String first = unmatched.getUnmatched().get(0);
    if (first.startsWith("@")) {
      return first.substring(1) + ": no such file of options";
    }
    List<String> similar = unmatched.getSuggestions();
    return unmatched.getMessage()
        + (similar.isEmpty() ? "" : "; did you mean: " + String.join(", ", similar));
  }
}
