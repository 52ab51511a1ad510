package dev.cryofuzz.target;

import java.util.Optional;

/**
 * An outcome that a target knows of.
 *
 * @param text as it is recorded; each * stands for any characters
 * @param what one line for people
 * @param variant of this one only
 */
public record DescribedOutcome(
    String name, String text, Grade grade, String what, Optional<String> variant) {
  /** Whether runs of this variant can end so. */
  public boolean isOf(String wanted) {
    return variant.map(wanted::equals).orElse(true);
  }
}
