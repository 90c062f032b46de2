package io.selvedge.hub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.link.Connection;
import io.selvedge.hub.link.Delivery;
import io.selvedge.hub.link.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Artemis does with shared subscriptions of MQTT 3.1.1: sharing hubs rely on it. */
class SharedSubscriptionTest {

  private static final String FILTER = "$share/HUB/a/+/#";

  /** Keeps what arrives; acknowledges only where it is told to. */
  private static final class FakeInbox implements Connection.Inbox {
    final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    volatile boolean acknowledging = true;

    @Override
    public boolean take(Delivery delivery) {
      if (acknowledging) {
        delivery.acknowledge();
      }
      taken.add(new String(delivery.payload(), StandardCharsets.UTF_8));
      return true;
    }

    @Override
    public boolean ready() {
      return true;
    }
  }

  private static Connection connected(
      Endpoint endpoint, String id, boolean keep, List<String> filters, FakeInbox inbox)
      throws InterruptedException {
    Connection connection =
        new Connection(
            id,
            endpoint,
            new Connection.Subscriptions(id, keep, filters),
            inbox,
            Clock.systemUTC());
    connection.start();
    assertThat(connection.awaitFirst(30_000)).isTrue();
    return connection;
  }

  private static void publish(Connection by, int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      for (int n = 0;
          n < 600 && !by.publish("a/gw/D/x", ("m" + i).getBytes(StandardCharsets.UTF_8));
          n++) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static Set<String> await(int count, FakeInbox... inboxes) throws InterruptedException {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < 600 && all.size() < count; i++) {
      TimeUnit.MILLISECONDS.sleep(50);
      for (FakeInbox inbox : inboxes) {
        all.addAll(inbox.taken);
      }
    }
    return all;
  }

  @Test
  void eachGetsAPartAndWhatOneDidNotAcknowledgeTheOtherGets(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker broker =
        new EmbeddedBroker(folder, (id, password) -> false, new TopicAccess("a"))) {
      Endpoint endpoint = broker.start();
      FakeInbox first = new FakeInbox();
      FakeInbox second = new FakeInbox();
      FakeInbox none = new FakeInbox();
      try (Connection publisher = connected(endpoint, "p", false, List.of(), none);
          Connection b = connected(endpoint, "HUB-b", true, List.of(FILTER), second)) {
        try (Connection a = connected(endpoint, "HUB-a", true, List.of(FILTER), first)) {
          first.acknowledging = false;
          publish(publisher, 0, 40);
          assertThat(await(40, first, second)).hasSize(40);
          assertThat(first.taken).isNotEmpty();
          assertThat(second.taken).isNotEmpty();
          assertThat(first.taken).doesNotContainAnyElementsOf(second.taken);
          assertThat(a.connected()).isTrue();
        }
        // a is gone, its session is not: what it had, and what comes now, b gets.
        publish(publisher, 40, 60);
        assertThat(await(60, second)).hasSize(60);
        assertThat(b.connected()).isTrue();
      }
      // None is there: the subscription stays.
      FakeInbox heard = new FakeInbox();
      try (Connection publisher = connected(endpoint, "p", false, List.of("a/gw/D/x"), heard)) {
        publish(publisher, 60, 80);
        assertThat(await(20, heard)).hasSize(20);
      }
      FakeInbox back = new FakeInbox();
      try (Connection a = connected(endpoint, "HUB-a", true, List.of(), back)) {
        assertThat(await(20, back)).hasSizeGreaterThanOrEqualTo(20);
        assertThat(a.connected()).isTrue();
      }
    }
  }
}
