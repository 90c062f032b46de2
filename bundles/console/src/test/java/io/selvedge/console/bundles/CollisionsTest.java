package io.selvedge.console.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
import org.osgi.framework.wiring.FrameworkWiring;

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
  private CompletableFuture<Void> collide(Collisions.Change update) throws Exception {
    CompletableFuture<Void> updated =
        CompletableFuture.runAsync(
            () -> {
              try {
                update.run();
              } catch (Exception e) { // whatever it is, it is looked at
                throw new java.util.concurrent.CompletionException(e);
              }
            });
    Felix.await("stopping", () -> slow.getState() == Bundle.STOPPING);
    felix.context().getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(slow));
    Felix.await(
        "a refresh that has all but this bundle",
        () ->
            Thread.getAllStackTraces().values().stream()
                .anyMatch(
                    stack -> has(stack, "refreshPackages") && has(stack, "acquireBundleLock")));
    mayStop.release(1000);
    return updated;
  }

  private static boolean has(StackTraceElement[] stack, String method) {
    return Arrays.stream(stack).anyMatch(one -> one.getMethodName().equals(method));
  }

  private Collisions.Change update(AtomicInteger tries) {
    return () -> {
      tries.incrementAndGet();
      slow.update(new ByteArrayInputStream(Felix.active("slow", "2.0.0", SlowToStop.class)));
    };
  }

  @Test
  void felixAloneGivesAnUpdateUpThatARefreshIsInTheWayOf() throws Exception {
    CompletableFuture<Void> updated = collide(update(new AtomicInteger()));

    assertThatThrownBy(() -> updated.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(BundleException.class)
        .hasMessageContaining("global lock");
    assertThat(slow.getVersion()).hasToString("1.0.0");
  }

  @Test
  void itIsTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();

    CompletableFuture<Void> updated =
        collide(
            () -> {
              try {
                Collisions.insist(update(tries));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    updated.get(30, TimeUnit.SECONDS);
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

  @Test
  void whatIsJustStartingOrStoppingIsWaitedFor() {
    assertThat(
            Collisions.isCollision(
                new IllegalStateException(
                    "Bundle x cannot be update, since it is either STARTING or STOPPING.")))
        .isTrue();
    assertThat(Collisions.isCollision(new BundleException("Unable to start, since it is late")))
        .isFalse();
  }
}
