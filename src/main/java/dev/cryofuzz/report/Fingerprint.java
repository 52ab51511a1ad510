package dev.cryofuzz.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What makes a finding the same one in the next campaign: its title, in that variant. */
final class Fingerprint {
  private static final int BYTES = 16;

  private Fingerprint() {}

  static String of(SavedFinding finding) {
    String identity =
        String.join(
            "\n",
            finding.title().text(),
            finding.scenario().target(),
            finding.scenario().variant());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
