package io.selvedge.deployment;

import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies blocks on the thread {@code selvedge-deployment-check}, while the session's thread
 * receives those behind and the deployment's thread writes those before. At most twice {@value
 * #QUEUE} messages are in here; then the session's thread waits.
 */
final class BlockCheck implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BlockCheck.class);
  private static final int QUEUE = 64;
  private static final long LOOK_MILLIS = 100;

  private final BlockList list;
  private final BlockingQueue<byte[]> came = new ArrayBlockingQueue<>(QUEUE);
  private final BlockingQueue<Arrival> checked = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicInteger unread = new AtomicInteger();
  private final MessageDigest sha256 = Digests.sha256();
  private final Thread thread = new Thread(this::run, "selvedge-deployment-check");
  private volatile boolean closed;

  /** A message that came. */
  record Arrival(int number, List<Checked> blocks) {}

  /** A block; its bytes stay as they are. */
  record Checked(int index, ByteBuffer bytes, boolean intact) {}

  BlockCheck(BlockList list) {
    this.list = list;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes a message. On the session's thread, which waits where there is no room. */
  void arrived(byte[] message) {
    unread.incrementAndGet();
    try {
      while (!closed && !came.offer(message, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        // there is room soon, or nobody wants it any more
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next one, verified; null where none comes in that time. */
  @Nullable Arrival poll(long nanos) throws InterruptedException {
    Arrival arrival = checked.poll(nanos, TimeUnit.NANOSECONDS);
    if (arrival != null) {
      unread.decrementAndGet();
    }
    return arrival;
  }

  /** Whether all that came has been handed out. */
  boolean isEmpty() {
    return unread.get() == 0;
  }

  private void run() {
    try {
      while (true) {
        byte[] message = came.take();
        try {
          checked.put(check(message));
        } catch (IllegalArgumentException e) {
          unread.decrementAndGet();
          log.debug("A message that is none", e);
        }
      }
    } catch (InterruptedException e) {
      // by close()
    }
  }

  private Arrival check(byte[] message) {
    List<Checked> blocks = new ArrayList<>();
    for (BlockData.Block block : BlockData.blocks(message, list)) {
      sha256.update(block.bytes().duplicate());
      boolean intact = Digest.of(sha256.digest()).equals(list.digest(block.index()));
      blocks.add(new Checked(block.index(), block.bytes(), intact));
    }
    return new Arrival(BlockData.number(message), blocks);
  }

  /** Ends its thread; whoever waits in {@link #arrived} goes on. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
