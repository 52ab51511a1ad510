package dev.cryofuzz.cli;

import picocli.CommandLine.IVersionProvider;

/** What the jar says about itself. */
final class Version implements IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"cryofuzz " + text()};
  }
}
