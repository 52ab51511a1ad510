package dev.cryofuzz.executor;

/**
 * What is done at a site is ordered otherwise than its code says.
 *
 * @param site as in "queue.c:57"
 */
public record SiteOrder(String site, Order order) {
  /** The numbers are those of {@code enum cf_order}. */
  public enum Order {
    /** What is loaded there is an acquire. */
    ACQUIRE(1),
    /** What is stored there is a release. */
    RELEASE(2),
    /** A full fence stands before it. */
    FENCE(4),
    /** No other actor goes on before it. */
    UNBROKEN(8);

    private final int number;

    Order(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }
}
