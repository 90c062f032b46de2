package io.selvedge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes while records are written. A disk that is simulated keeps what was synced, and of
 * the rest any sectors in any order, as a real one does.
 */
class PowerCutTest {

  private static final int SECTOR = 512;
  private static final int ROUNDS = 60;

  @TempDir Path directory = Path.of("."); // set before each test

  /** What the outside was told. */
  private final Set<Integer> confirmed = ConcurrentHashMap.newKeySet();

  private final Set<Integer> delivered = new HashSet<>();
  private final Map<Long, Integer> numbersById = new HashMap<>();
  private int next;

  /** Remembers what was in a sector before it was written, until it is synced. */
  private static final class CutDisk extends Storage {
    private final boolean syncs;
    private final IdentityHashMap<FileChannel, Path> paths = new IdentityHashMap<>();
    private final Map<Path, TreeMap<Long, byte[]>> unsynced = new HashMap<>();
    private boolean off;

    CutDisk(boolean syncs) {
      this.syncs = syncs;
    }

    @Override
    synchronized FileChannel open(Path file) throws IOException {
      FileChannel channel = super.open(file);
      paths.put(channel, file);
      return channel;
    }

    @Override
    synchronized void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
      checkPower();
      TreeMap<Long, byte[]> before =
          unsynced.computeIfAbsent(paths.get(channel), path -> new TreeMap<>());
      long last = (at + bytes.remaining() - 1) / SECTOR;
      for (long sector = at / SECTOR; sector <= last; sector++) {
        if (!before.containsKey(sector)) {
          ByteBuffer old = ByteBuffer.allocate(SECTOR);
          channel.read(old, sector * SECTOR);
          before.put(sector, old.array());
        }
      }
      super.write(channel, bytes, at);
    }

    @Override
    synchronized void force(FileChannel channel) throws IOException {
      checkPower();
      if (syncs) {
        unsynced.remove(paths.get(channel));
      }
    }

    @Override
    synchronized void fill(FileChannel channel, long size) throws IOException {
      super.fill(channel, size);
      unsynced.remove(paths.get(channel));
    }

    private void checkPower() throws IOException {
      if (off) {
        throw new IOException("power is off");
      }
    }

    synchronized void cut() {
      off = true;
    }

    /** What the disk holds when the power is back. */
    synchronized void settle(Random random) throws IOException {
      double kept = random.nextInt(5) / 4.0;
      for (Map.Entry<Path, TreeMap<Long, byte[]>> file : unsynced.entrySet()) {
        try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
          for (Map.Entry<Long, byte[]> sector : file.getValue().entrySet()) {
            if (random.nextDouble() >= kept) {
              channel.write(ByteBuffer.wrap(sector.getValue()), sector.getKey() * SECTOR);
            }
          }
        }
      }
    }
  }

  private static OutboxOptions options() {
    return OutboxOptions.defaults()
        .withSegmentSize(64 * 1024)
        .withCommitInterval(Duration.ofMillis(1))
        .withStateInterval(Duration.ofMillis(5));
  }

  private static byte[] payload(int number) {
    byte[] payload = new byte[10 + number % 700];
    Arrays.fill(payload, (byte) number);
    ByteBuffer.wrap(payload).putInt(number);
    return payload;
  }

  private void work(SegmentOutbox outbox, CutDisk disk, Random random) {
    int records = 20 + random.nextInt(400);
    for (int i = 0; i < records; i++) {
      int number = next;
      next++;
      outbox
          .append("flow/" + number % 3, random.nextInt(3) * 4, Duration.ZERO, payload(number))
          .whenComplete(
              (id, failure) -> {
                if (failure == null) {
                  confirmed.add(number);
                }
              });
      if (random.nextInt(3) == 0) {
        Outboxes.poll(outbox).ifPresent(record -> deliver(outbox, record));
      }
      if (random.nextInt(60) == 0) {
        TestPause.millis(2);
      }
    }
    if (random.nextBoolean()) {
      TestPause.millis(random.nextInt(8));
    }
    disk.cut();
  }

  private void deliver(SegmentOutbox outbox, OutRecord record) {
    int number = ByteBuffer.wrap(record.payload()).getInt();
    assertThat(record.payload()).isEqualTo(payload(number));
    assertThat(numbersById.getOrDefault(record.id(), number)).isEqualTo(number);
    numbersById.put(record.id(), number);
    delivered.add(number);
    if (number % 5 > 0) {
      outbox.delivered(record);
    }
  }

  private void rounds(boolean syncs) throws IOException {
    Random random = new Random(ThreadLocalRandom.current().nextLong());
    for (int round = 0; round < ROUNDS; round++) {
      CutDisk disk = new CutDisk(syncs);
      SegmentOutbox outbox = SegmentOutbox.open(directory, options(), disk, System::nanoTime);
      try (outbox) {
        work(outbox, disk, random);
      }
      disk.settle(random);
    }
    try (SegmentOutbox outbox =
        SegmentOutbox.open(directory, options(), new CutDisk(true), System::nanoTime)) {
      for (Optional<OutRecord> one = Outboxes.poll(outbox);
          one.isPresent();
          one = Outboxes.poll(outbox)) {
        deliver(outbox, one.get());
      }
      OutboxStatus status = outbox.status();
      long dropped = status.dropped().values().stream().mapToLong(Long::longValue).sum();
      assertThat(status.accepted()).isGreaterThanOrEqualTo(confirmed.size());
      assertThat(status.accepted()).isEqualTo(status.delivered() + dropped + status.pending());
      Outboxes.assertAddsUp(status);
    }
    Set<Integer> lost = new HashSet<>(confirmed);
    lost.removeAll(delivered);
    assertThat(lost).as("confirmed and never handed out").isEmpty();
    assertThat(confirmed).hasSizeGreaterThan(ROUNDS);
  }

  @Test
  void losesNothingThatWasConfirmed() throws Exception {
    rounds(true);
  }

  /** Otherwise the test above would prove nothing. */
  @Test
  void wouldLoseRecordsWithoutSyncing() {
    assertThatThrownBy(() -> rounds(false)).isInstanceOf(AssertionError.class);
  }
}
