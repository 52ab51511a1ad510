package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Carrier;
import picocli.CommandLine.ITypeConverter;

/** Carriers as people type them, and native, which is for replays alone. */
final class ReplayCarrierOption implements ITypeConverter<Carrier> {
  private final CarrierOption others = new CarrierOption();

  @Override
  public Carrier convert(String text) {
    return text.equals(Carrier.NATIVE.text()) ? Carrier.NATIVE : others.convert(text);
  }
}
