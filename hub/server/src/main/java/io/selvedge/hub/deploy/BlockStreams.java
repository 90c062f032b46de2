package io.selvedge.hub.deploy;

import io.selvedge.api.uplink.Reply;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the blocks that gateways ask for. Thread {@code hub-blocks} sends one message for each
 * gateway in turn, so that none waits for another's file; it knows nothing that a gateway could not
 * ask for again. Of one gateway only the newest session is served, and at most {@value
 * #MOST_REQUESTS} requests wait.
 */
public final class BlockStreams implements AutoCloseable {

  /** Sends to the session of a gateway, and waits while too much is on its way. */
  @FunctionalInterface
  public interface Sender {
    /** False where it could not be sent. */
    boolean send(String gateway, String session, byte[] message) throws InterruptedException;
  }

  private static final Logger log = LoggerFactory.getLogger(BlockStreams.class);
  private static final int MOST_REQUESTS = 16;

  private final ContentStore content;
  private final BlockLists lists;
  private final Sender sender;
  private final Thread thread = new Thread(this::run, "hub-blocks");
  private final Map<String, Stream> streams = new HashMap<>();
  private final Deque<Stream> turns = new ArrayDeque<>();

  public BlockStreams(ContentStore content, BlockLists lists, Sender sender) {
    this.content = content;
    this.lists = lists;
    this.sender = sender;
    thread.setDaemon(true);
  }

  /** A request under way. */
  private static final class Work {
    final BlockRequest request;
    final BlockList list;
    int at;

    Work(BlockRequest request, BlockList list) {
      this.request = request;
      this.list = list;
    }

    /** The next blocks that fit in one message; empty at the end. */
    List<Integer> next() {
      List<Integer> blocks = new ArrayList<>();
      int bytes = 0;
      BitSet wanted = request.wanted();
      for (int bit = wanted.nextSetBit(at); bit >= 0; bit = wanted.nextSetBit(at)) {
        int length = list.length(request.first() + bit);
        if (!blocks.isEmpty() && bytes + length > BlockData.MOST_BYTES) {
          break;
        }
        blocks.add(request.first() + bit);
        bytes += length;
        at = bit + 1;
      }
      return blocks;
    }
  }

  /** What one gateway waits for. Guarded by {@link #streams}. */
  private static final class Stream {
    final String gateway;
    final String session;
    final Deque<Work> work = new ArrayDeque<>();
    boolean inTurn;

    Stream(String gateway, String session) {
      this.gateway = gateway;
      this.session = session;
    }

    /** The next message's blocks; empty at the end of all that was asked. */
    Optional<Message> next() {
      while (!work.isEmpty()) {
        List<Integer> blocks = work.peek().next();
        if (!blocks.isEmpty()) {
          return Optional.of(new Message(work.peek(), blocks));
        }
        work.remove();
      }
      return Optional.empty();
    }
  }

  private record Message(Work work, List<Integer> blocks) {}

  public void start() {
    thread.start();
  }

  /** Takes a request; the blocks come later. */
  public Reply ask(String gateway, BlockRequest request) {
    Optional<BlockList> list = lists.read(request.list());
    if (list.isEmpty()) {
      return Reply.error(404, "list of blocks [" + request.list() + "] is not here");
    }
    if (content.read(request.file(), 0, 1).isEmpty()) {
      return Reply.error(404, "artifact file [" + request.file() + "] is not here");
    }
    long last = (long) request.first() + request.wanted().length() - 1;
    if (last >= list.get().count()) {
      return Reply.error(
          400, "block [" + last + "] is not one of the file's " + list.get().count());
    }
    synchronized (streams) {
      Stream stream = streams.get(gateway);
      if (stream == null || !stream.session.equals(request.session())) {
        stream = new Stream(gateway, request.session());
        streams.put(gateway, stream);
      }
      if (stream.work.size() >= MOST_REQUESTS) {
        return Reply.error(500, "[" + MOST_REQUESTS + "] requests wait already; ask later");
      }
      stream.work.add(new Work(request, list.get()));
      takeTurn(stream);
    }
    return Reply.ok();
  }

  private void takeTurn(Stream stream) {
    if (!stream.inTurn) {
      stream.inTurn = true;
      turns.add(stream);
      streams.notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        Stream stream;
        Optional<Message> message;
        synchronized (streams) {
          while (turns.isEmpty()) {
            streams.wait();
          }
          stream = turns.remove();
          stream.inTurn = false;
          boolean current = streams.get(stream.gateway) == stream;
          message = current ? stream.next() : Optional.empty();
          if (message.isEmpty()) {
            streams.remove(stream.gateway, stream);
            continue;
          }
        }
        boolean sent = send(stream, message.get());
        synchronized (streams) {
          if (!sent) {
            stream.work.clear(); // the gateway asks again
          }
          takeTurn(stream);
        }
      }
    } catch (InterruptedException e) {
      // by close()
    }
  }

  private boolean send(Stream stream, Message message) throws InterruptedException {
    try {
      byte[] bytes = bytes(message.work(), message.blocks());
      return sender.send(stream.gateway, stream.session, bytes);
    } catch (IOException | RuntimeException e) { // of one file; the others shall go on
      String file = message.work().request.file();
      log.warn("Blocks of [{}] for {} cannot be sent", file, stream.gateway, e);
      return false;
    }
  }

  private byte[] bytes(Work work, List<Integer> blocks) throws IOException {
    return BlockData.message(
        work.request.number(),
        blocks,
        work.list,
        (block, into) -> {
          if (!content.read(work.request.file(), work.list.offset(block), into)) {
            throw new IOException("file [" + work.request.file() + "] is shorter than its list");
          }
        });
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
