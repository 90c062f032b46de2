package io.selvedge.remote.conf;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.remote.FakeEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionGuardTest {

  @TempDir Path directory;
  private final FakeSnapshots snapshots = new FakeSnapshots();
  private final FakeEvents events = new FakeEvents();
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean connected = new AtomicBoolean(true);

  @SuppressWarnings("NullAway.Init") // made anew before each test
  private ConnectionGuard guard;

  @BeforeEach
  void open() {
    snapshots.now.put("io.selvedge.mqtt", new TreeMap<>(Map.of("broker", "tcp://old")));
    guard = guard();
  }

  private ConnectionGuard guard() {
    ConnectionGuard made =
        new ConnectionGuard(
            directory.resolve("x/unconfirmed"),
            snapshots,
            events,
            Duration.ofMinutes(5),
            Duration.ofMillis(200),
            now::get);
    made.connectedIs(connected::get);
    return made;
  }

  @AfterEach
  void stop() {
    guard.stop();
  }

  private void change() throws IOException {
    guard.arm("by test");
    snapshots.now.put("io.selvedge.mqtt", new TreeMap<>(Map.of("broker", "tcp://new")));
  }

  private void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private boolean open(Path file) {
    return Files.exists(file);
  }

  @Test
  void aConnectionAfterTheChangeConfirmsIt() throws Exception {
    change();
    Path file = directory.resolve("x/unconfirmed");
    assertThat(file).exists();
    now.set(Duration.ofSeconds(1).toNanos());
    await(() -> !open(file));
    assertThat(snapshots.now.get("io.selvedge.mqtt")).containsEntry("broker", "tcp://new");
    assertThat(events.all).isEmpty();
  }

  @Test
  void withoutOneItIsTakenBackAlsoAfterARestart() throws Exception {
    connected.set(false);
    change();
    now.set(Duration.ofSeconds(299).toNanos());
    guard.stop();
    guard = guard();
    guard.resume();
    assertThat(snapshots.now.get("io.selvedge.mqtt")).containsEntry("broker", "tcp://new");
    now.set(Duration.ofMinutes(10).toNanos());
    await(() -> !open(directory.resolve("x/unconfirmed")));
    assertThat(snapshots.now.get("io.selvedge.mqtt")).containsEntry("broker", "tcp://old");
    await(() -> !events.all.isEmpty());
    assertThat(events.codes()).containsExactly("configuration.taken_back");
  }

  @Test
  void aSecondChangeIsMeasuredAgainstWhatWasConfirmedLast() throws Exception {
    connected.set(false);
    change();
    guard.arm("again");
    snapshots.now.put("io.selvedge.mqtt", new TreeMap<>(Map.of("broker", "tcp://third")));
    now.set(Duration.ofMinutes(10).toNanos());
    await(() -> !open(directory.resolve("x/unconfirmed")));
    assertThat(snapshots.now.get("io.selvedge.mqtt")).containsEntry("broker", "tcp://old");
  }

  @Test
  void onlyTheConnectionConcernsIt() {
    assertThat(guard.concerns(Set.of("a", "io.selvedge.mqtt"))).isTrue();
    assertThat(guard.concerns(Set.of("io.selvedge.driver.simulated~hall"))).isFalse();
  }
}
