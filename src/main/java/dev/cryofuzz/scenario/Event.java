package dev.cryofuzz.scenario;

import java.util.Comparator;

/** One deviation from the default run, pinned to a point. */
public record Event(Anchor at, Action action) {
  /** The canonical order: by actor, point and name of the action. */
  public static final Comparator<Event> ORDER =
      Comparator.comparing((Event event) -> event.at())
          .thenComparing(event -> event.action().text());

  public Event {
    if (action instanceof Action.Hold hold && hold.until() <= at.point()) {
      throw new IllegalArgumentException(
          "until=" + hold.until() + ": expected a point after " + at.point());
    }
    if (action instanceof Action.Switch to && to.to().equals(at.actor())) {
      throw new IllegalArgumentException("to=" + to.to() + ": expected another actor");
    }
  }

  public static Event of(String actor, int point, Action action) {
    return new Event(Anchor.at(actor, point), action);
  }

  public Event withAt(Anchor anchor) {
    return new Event(anchor, action);
  }

  public Event withAction(Action other) {
    return new Event(at, other);
  }

  /** At most one event of a type is possible at one point. */
  public boolean clashesWith(Event other) {
    return ORDER.compare(this, other) == 0;
  }
}
