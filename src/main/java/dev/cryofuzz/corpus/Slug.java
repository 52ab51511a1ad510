package dev.cryofuzz.corpus;

import java.util.Locale;

/** The name of a folder made of a title: letters, digits and dashes, never empty or hidden. */
public final class Slug {
  private static final int MAX = 80;

  private Slug() {}

  public static String of(String title) {
    String dashed = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String cut = dashed.substring(0, Math.min(MAX, dashed.length()));
    String slug = cut.replaceAll("^-+|-+$", "");
    return slug.isEmpty() ? "finding" : slug;
  }
}
