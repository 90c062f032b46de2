package io.selvedge.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DebounceTest {

  private final AtomicInteger done = new AtomicInteger();

  /** It is made on the thread that does the work, so that none is done while it lasts. */
  @Test
  void aBurstIsOnePieceOfWork() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    Debounce debounce =
        new Debounce(
            Duration.ofMillis(300),
            Duration.ofMinutes(1),
            System::nanoTime,
            () -> {
              done.incrementAndGet();
              ran.countDown();
            });
    int changes =
        debounce.call(
            () -> {
              for (int i = 0; i < 500; i++) {
                debounce.changed();
              }
              return 500;
            });
    assertThat(changes).isEqualTo(500);
    assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(debounce.call(done::get)).as("behind all that was due").isEqualTo(1);
    debounce.close();
    assertThat(done).hasValue(1);
  }

  @Test
  void whatNeverRestsIsDoneAllTheSame() throws Exception {
    AtomicLong now = new AtomicLong();
    CountDownLatch ran = new CountDownLatch(1);
    Debounce debounce =
        new Debounce(Duration.ofHours(1), Duration.ofHours(2), now::get, ran::countDown);
    debounce.changed();
    now.set(Duration.ofHours(2).toNanos());
    debounce.changed();
    assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    debounce.close();
    debounce.changed(); // after its end nothing happens
  }

  @Test
  void whatIsBegunEndsThoughWhoWaitsIsInterrupted() throws Exception {
    Debounce debounce =
        new Debounce(Duration.ofHours(1), Duration.ofHours(2), System::nanoTime, () -> {});
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    Thread waiting =
        new Thread(
            () -> {
              try {
                debounce.call(
                    () -> {
                      begun.countDown();
                      goOn.await();
                      return done.incrementAndGet();
                    });
              } catch (IOException e) {
                seen.incrementAndGet();
              }
            });
    waiting.start();
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    waiting.interrupt();
    waiting.join();
    goOn.countDown();
    debounce.close();
    assertThat(seen).hasValue(1);
    assertThat(done).hasValue(1);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> debounce.call(() -> 1))
        .withMessageContaining("is stopping");
  }
}
