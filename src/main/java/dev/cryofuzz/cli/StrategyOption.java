package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Strategy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Strategies as people type them. */
final class StrategyOption implements ITypeConverter<Strategy> {
  @Override
  public Strategy convert(String text) {
    return Strategy.of(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no strategy, there are: " + Strategy.names()));
  }
}
