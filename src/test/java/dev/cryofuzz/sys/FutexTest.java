package dev.cryofuzz.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FutexTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aWordThatHasChangedIsNotWaitedFor() {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      memory.putInt(4, 7);
      assertThat(new Futex(memory, 4).await(6, 10 * SECOND)).isTrue();
    }
  }

  @Test
  void timeRunsOut() {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      long start = System.nanoTime();
      assertThat(new Futex(memory, 0).await(0, 30_000_000)).isFalse();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
      assertThat(new Futex(memory, 0).await(0, 0)).isFalse();
    }
  }

  @Test
  void aWakeEndsTheWait() throws Exception {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      var waiter = CompletableFuture.supplyAsync(() -> new Futex(memory, 0).await(0, 10 * SECOND));
      Futex waker = new Futex(memory, 0);
      while (waker.wake(1) == 0 && !waiter.isDone()) {
        Thread.onSpinWait();
      }
      assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aMisalignedWordIsRefused() {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      assertThatThrownBy(() -> new Futex(memory, 2)).hasMessageContaining("offset=2");
    }
  }
}
