package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Carrier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Carriers as people type them. */
final class CarrierOption implements ITypeConverter<Carrier> {
  @Override
  public Carrier convert(String text) {
    return Carrier.of(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no carrier, there are: " + Carrier.names()));
  }
}
