package io.selvedge.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ResolverTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int ASKERS = 12;

  private final InetAddress address = InetAddress.getLoopbackAddress();

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void goesOnWithTheAddressesOfBeforeWhileNamesCannotBeLookedUp() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    Resolver resolver =
        new Resolver(
            host -> {
              if (lookups.incrementAndGet() > 1) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[] {address};
            });
    assertThat(resolver.resolve("hub.example", PATIENCE)).containsExactly(address);
    assertThat(resolver.resolve("hub.example", PATIENCE)).containsExactly(address);
    assertThatThrownBy(() -> resolver.resolve("other.example", PATIENCE))
        .hasMessage("host [other.example] has no known address");
  }

  @Test
  void doesNotWaitForALookupThatHangs() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger lookups = new AtomicInteger();
    Resolver resolver =
        new Resolver(
            host -> {
              if (lookups.incrementAndGet() == 1) {
                hanging.countDown();
                waitFor(hangs);
              }
              return new InetAddress[] {address};
            });
    assertThatThrownBy(() -> resolver.resolve("hub.example", Duration.ofMillis(50)))
        .isInstanceOf(ConnectionException.class);
    hanging.await();
    assertThat(resolver.resolve("hub.example", PATIENCE)).containsExactly(address);
    hangs.countDown();
  }

  /** As many connections of one process to one host that all start at once. */
  @Test
  void answersHoweverManyAskAtOnce() throws Exception {
    CountDownLatch allAsk = new CountDownLatch(1);
    Resolver resolver =
        new Resolver(
            host -> {
              waitFor(allAsk);
              return new InetAddress[] {address};
            });
    ExecutorService askers = Executors.newFixedThreadPool(ASKERS);
    try {
      List<Future<List<InetAddress>>> answers = new ArrayList<>();
      CountDownLatch asking = new CountDownLatch(ASKERS);
      for (int i = 0; i < ASKERS; i++) {
        answers.add(
            askers.submit(
                () -> {
                  asking.countDown();
                  return resolver.resolve("hub.example", PATIENCE);
                }));
      }
      asking.await();
      allAsk.countDown();
      for (Future<List<InetAddress>> answer : answers) {
        assertThat(answer.get()).containsExactly(address);
      }
    } finally {
      askers.shutdownNow();
    }
  }

  @Test
  void looksUpNoMoreThanFourTimesAtOnceAndOtherHostsBesideThem() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    AtomicInteger lookups = new AtomicInteger();
    Resolver resolver =
        new Resolver(
            host -> {
              if (host.equalsIgnoreCase("hangs.example")) {
                lookups.incrementAndGet();
                waitFor(hangs);
              }
              return new InetAddress[] {address};
            });
    for (int i = 0; i < 8; i++) {
      assertThatThrownBy(() -> resolver.resolve("hangs.example", Duration.ofMillis(20)))
          .isInstanceOf(ConnectionException.class);
    }
    assertThat(resolver.resolve("hub.example", PATIENCE)).containsExactly(address);
    hangs.countDown();
    assertThat(resolver.resolve("hangs.example", PATIENCE)).containsExactly(address);
    assertThat(lookups).hasValueLessThanOrEqualTo(5);
  }

  /** Else the Java runtime would answer from what it remembers: that the name is unknown. */
  @Test
  void spellsTheNameAnewForEachLookup() throws Exception {
    Set<String> spellings = ConcurrentHashMap.newKeySet();
    Resolver resolver =
        new Resolver(
            host -> {
              spellings.add(host);
              return new InetAddress[] {address};
            });
    for (int i = 0; i < 20; i++) {
      resolver.resolve("a-long-name.of.a.hub.example", PATIENCE);
    }
    assertThat(spellings).hasSizeGreaterThan(15);
    assertThat(spellings).allMatch(one -> one.equalsIgnoreCase("a-long-name.of.a.hub.example"));
  }

  @Test
  void findsAddressesByTheRuntimeHoweverTheyAreSpelled() throws Exception {
    assertThat(Resolver.SYSTEM.resolve("localhost", PATIENCE)).isNotEmpty();
    assertThat(Resolver.SYSTEM.resolve("127.0.0.1", PATIENCE)).hasSize(1);
  }
}
