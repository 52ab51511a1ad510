package dev.cryofuzz.scenario;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an event happens: a point of an actor, and, so that it is found again on another build, the
 * place in the source and which visit of that place by that actor it is.
 */
public record Anchor(String actor, int point, Optional<String> site, int nth)
    implements Comparable<Anchor> {
  public static final int MAX_POINT = 65535;

  static final String PATTERN = "(" + Names.NAME_PATTERN + ")#(0|[1-9][0-9]{0,4})";

  private static final Pattern TEXT = Pattern.compile(PATTERN);

  public Anchor {
    Names.checkName("actor", actor);
    checkCount("point", point);
    checkCount("nth", nth);
    site.ifPresent(place -> Names.checkLine("site", place));
    if (site.isEmpty() && nth != 0) {
      throw new IllegalArgumentException("nth=" + nth + ": expected a site to count visits of");
    }
  }

  public static Anchor at(String actor, int point) {
    return new Anchor(actor, point, Optional.empty(), 0);
  }

  /** The inverse of {@link #text()}; strict, so that each anchor has one text. */
  public static Optional<Anchor> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int point = Integer.parseInt(matcher.group(2));
    return point <= MAX_POINT ? Optional.of(at(matcher.group(1), point)) : Optional.empty();
  }

  public Anchor withSite(String place, int visit) {
    return new Anchor(actor, point, Optional.of(place), visit);
  }

  public Anchor withoutSite() {
    return at(actor, point);
  }

  /** The value of "at" in JSON: "reader#12". */
  public String text() {
    return actor + "#" + point;
  }

  /** By actor and point; two anchors of the same place are equal here whatever their sites. */
  @Override
  public int compareTo(Anchor other) {
    int byActor = actor.compareTo(other.actor);
    return byActor != 0 ? byActor : Integer.compare(point, other.point);
  }

  private static void checkCount(String what, int count) {
    if (count < 0 || count > MAX_POINT) {
      throw new IllegalArgumentException(what + "=" + count + ": expected 0 to " + MAX_POINT);
    }
  }
}
