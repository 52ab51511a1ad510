package dev.cryofuzz.cli;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the user has not typed may stand in the environment: {@code CRYOFUZZ_FUZZ_TIME} is the
 * {@code --time} of {@code fuzz}. Options of all commands have variables of their own.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Map<String, String> environment;

  EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && !option.inherited() && !option.usageHelp()
        ? environment.get(name(option))
        : null;
  }

  /** The variable by which an option can be set. */
  static String name(OptionSpec option) {
    String name = option.command().qualifiedName("_") + "_" + option.longestName();
    return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }
}
