package io.selvedge.console.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** With the real framework, which gives one of two threads up that would wait for ever. */
class CollisionsTest {

  @TempDir Path directory;

  private final Semaphore mayStop = new Semaphore(0);
  private Felix felix;
  private Bundle slow;

  @BeforeEach
  void start() throws Exception {
    felix = new Felix(directory);
    felix.context().registerService(Semaphore.class, mayStop, null);
    slow = felix.start("slow", Felix.active("slow", "1.0.0", SlowToStop.class));
  }

  @AfterEach
  void stop() throws Exception {
    mayStop.release(1000);
    felix.stop();
  }

  /** An update that stops its bundle while all are refreshed: what Felix ends. */
  private CompletableFuture<Boolean> collide(Collisions.Change update) throws Exception {
    CompletableFuture<Boolean> updated =
        Felix.async(
            () -> {
              update.run();
              return true;
            });
    felix.refreshAmidAnUpdate(slow);
    mayStop.release(1000);
    return updated;
  }

  private Collisions.Change update(AtomicInteger tries) {
    return () -> {
      tries.incrementAndGet();
      slow.update(new ByteArrayInputStream(Felix.active("slow", "2.0.0", SlowToStop.class)));
    };
  }

  @Test
  void felixAloneGivesAnUpdateUpThatARefreshIsInTheWayOf() throws Exception {
    CompletableFuture<Boolean> updated = collide(update(new AtomicInteger()));

    assertThatThrownBy(() -> updated.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(BundleException.class)
        .hasMessageContaining("global lock");
    assertThat(slow.getVersion()).hasToString("1.0.0");
  }

  @Test
  void itIsTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();

    CompletableFuture<Boolean> updated = collide(() -> Collisions.insist(update(tries)));

    assertThat(updated.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(slow.getVersion()).hasToString("2.0.0");
    assertThat(tries).hasValueGreaterThan(1);
  }

  @Test
  void whatFailsForItsOwnReasonsFailsAtOnce() {
    AtomicInteger tries = new AtomicInteger();

    assertThatThrownBy(
            () ->
                Collisions.insist(
                    () -> {
                      tries.incrementAndGet();
                      throw new BundleException("Activator start error in bundle [x].");
                    }))
        .hasMessageContaining("Activator");
    assertThat(tries).hasValue(1);
  }
}
