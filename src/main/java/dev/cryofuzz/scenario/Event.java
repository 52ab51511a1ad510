package dev.cryofuzz.scenario;

import java.util.Comparator;
import java.util.List;

/** One deviation from the default run, pinned to a point. */
public record Event(Anchor at, Action action) {
  /** The canonical order: by actor, point and name of the action. */
  public static final Comparator<Event> ORDER = Event::compare;

  public Event {
    if (action instanceof Action.Ahead ahead && ahead.later() <= at.point()) {
      throw new IllegalArgumentException(
          ahead.type().fields().get(0).name()
              + "="
              + ahead.later()
              + ": expected a point after "
              + at.point());
    }
    if (action instanceof Action.Switch to && to.to().equals(at.actor())) {
      throw new IllegalArgumentException("to=" + to.to() + ": expected another actor");
    }
  }

  public static Event of(String actor, int point, Action action) {
    return new Event(Anchor.at(actor, point), action);
  }

  private static int compare(Event one, Event other) {
    int byPlace = one.at.compareTo(other.at);
    return byPlace != 0 ? byPlace : one.action.text().compareTo(other.action.text());
  }

  /**
   * Puts it where it belongs in a list in {@link #ORDER}, unless one that it clashes with is there.
   * From the end: there are few, and they come nearly sorted.
   */
  public void insertInto(List<Event> sorted) {
    int index = sorted.size();
    while (index > 0 && ORDER.compare(sorted.get(index - 1), this) > 0) {
      index--;
    }
    if (index == 0 || !clashesWith(sorted.get(index - 1))) {
      sorted.add(index, this);
    }
  }

  public Event withAt(Anchor anchor) {
    return new Event(anchor, action);
  }

  public Event withAction(Action other) {
    return new Event(at, other);
  }

  /**
   * At most one event of a type is possible at one point, but for switches: of several the next one
   * is done when the actor has the token again, since another one has yielded or can't go on.
   */
  public boolean clashesWith(Event other) {
    return ORDER.compare(this, other) == 0 && !(action instanceof Action.Switch);
  }
}
