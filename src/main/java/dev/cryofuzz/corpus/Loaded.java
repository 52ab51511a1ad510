package dev.cryofuzz.corpus;

import java.util.List;

/**
 * What was read from files and folders: the scenarios, and what is wrong with the files that are
 * none, each as {@code file:line: what}. One bad file hides none of the others.
 */
public record Loaded(List<Entry> entries, List<String> errors) {
  public Loaded {
    entries = List.copyOf(entries);
    errors = List.copyOf(errors);
  }
}
