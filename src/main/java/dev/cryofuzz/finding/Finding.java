package dev.cryofuzz.finding;

import java.util.Objects;

/** Something that went wrong in a run: what it is called, and what it was this time. */
public record Finding(Title title, String detail) {
  public Finding {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? title.text() : title.text() + ": " + detail;
  }
}
