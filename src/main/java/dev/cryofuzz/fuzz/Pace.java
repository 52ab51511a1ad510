package dev.cryofuzz.fuzz;

import java.time.Duration;

/** The clock of a campaign, so that tests need not wait. */
public interface Pace {
  Pace REAL =
      new Pace() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) {
          try {
            Thread.sleep(duration.toMillis());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }
      };

  long nanos();

  void pause(Duration duration);
}
