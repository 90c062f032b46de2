package io.selvedge.deployment;

import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is being put together from its blocks, each verified before it is written, in any
 * order. Which blocks are there is not noted anywhere: after a start each one is verified where it
 * stands, so that nothing is believed that a power cut may have left half. What was written is
 * brought to the disk now and then by the thread {@code selvedge-deployment-sync}, so that a power
 * cut costs little and the end is near.
 */
final class BlockFile implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BlockFile.class);

  /** So much is written before it is brought to the disk, beside what comes meanwhile. */
  private static final long SYNC_BYTES = 8L << 20;

  /** The same where others want the disk: none shall wait long behind it. */
  private static final long SMALL_SYNC_BYTES = 1L << 20;

  private final BlockList list;
  private final Disk disk;
  private final FileChannel channel;
  private final BitSet here = new BitSet();
  private final MessageDigest each = Digests.sha256();
  private final ByteBuffer buffer;
  private final ExecutorService syncer =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "selvedge-deployment-sync"));
  private CompletableFuture<Void> syncing = CompletableFuture.completedFuture(null);
  private long unsynced;
  private long syncBytes = SYNC_BYTES;
  private long done;

  /** Opens or makes it, and looks which blocks are there. */
  BlockFile(Path path, BlockList list, Disk disk) throws IOException {
    this.list = list;
    this.disk = disk;
    int longest = 0;
    for (int i = 0; i < list.count(); i++) {
      longest = Math.max(longest, list.length(i));
    }
    buffer = ByteBuffer.allocate(longest);
    channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      look();
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void look() throws IOException {
    long size = channel.size();
    for (int i = 0; i < list.count() && list.offset(i) + list.length(i) <= size; i++) {
      if (isIntact(i, read(i))) {
        took(i);
      }
    }
  }

  private ByteBuffer read(int block) throws IOException {
    buffer.clear().limit(list.length(block));
    long from = list.offset(block);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      // once more
    }
    return buffer.flip();
  }

  /** Whether bytes are those of a block; they stay as they are. */
  boolean isIntact(int block, ByteBuffer bytes) {
    if (bytes.remaining() != list.length(block)) {
      return false;
    }
    each.update(bytes.duplicate());
    return Digest.of(each.digest()).equals(list.digest(block));
  }

  /** Writes a block that is intact; the buffer may be used again. */
  void write(int block, ByteBuffer bytes) throws IOException {
    if (!here.get(block)) {
      write(block, 1, bytes);
    }
  }

  /** Writes blocks that follow each other, of which none is here; they are intact. */
  void write(int first, int count, ByteBuffer bytes) throws IOException {
    disk.write(channel, bytes.duplicate(), list.offset(first));
    for (int i = first; i < first + count; i++) {
      took(i);
    }
    unsynced += bytes.remaining();
    if (unsynced >= syncBytes && syncing.isDone()) {
      unsynced = 0;
      syncing = CompletableFuture.runAsync(this::syncQuietly, syncer);
    }
  }

  /** Whether others want the disk: then it is given little at a time. */
  void syncEarly(boolean early) {
    syncBytes = early ? SMALL_SYNC_BYTES : SYNC_BYTES;
  }

  /** On the syncer's thread; what goes wrong here shows when the whole file is synced. */
  private void syncQuietly() {
    try {
      disk.sync(channel);
    } catch (IOException e) {
      log.debug("Early sync", e);
    }
  }

  private void took(int block) {
    if (!here.get(block)) {
      here.set(block);
      done += list.length(block);
    }
  }

  boolean has(int block) {
    return here.get(block);
  }

  /** The first block from there on that is missing; {@link BlockList#count} where none is. */
  int nextMissing(int from) {
    return Math.min(here.nextClearBit(from), list.count());
  }

  /** Copies a block that is here to another place where the same one belongs. */
  void copy(int from, int to) throws IOException {
    ByteBuffer bytes = read(from);
    if (isIntact(to, bytes)) {
      write(to, bytes);
    }
  }

  boolean isComplete() {
    return here.cardinality() == list.count();
  }

  /** Bytes of the blocks that are here. */
  long done() {
    return done;
  }

  /** Brings it to the disk, where most of it is already. */
  void sync() throws IOException {
    syncing.join();
    disk.sync(channel);
  }

  @Override
  public void close() throws IOException {
    syncer.shutdown();
    syncing.join();
    channel.close();
  }
}
