package io.selvedge.bench.transfer;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.hub.deploy.BlockStreams;
import io.selvedge.hub.link.Calling;
import io.selvedge.hub.link.Connection;
import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.store.BlockLists;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.Database;
import io.selvedge.hub.store.FileContent;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hub's side of a transfer in a process of its own: its store, its lists, its streams, its
 * connections. Beside what gateways ask of a hub it answers three requests of the bench: {@code
 * EXEC add} stores a file, {@code GET sent} tells how many bytes of messages went out, {@code EXEC
 * raw} publishes as many as are asked for, with nothing behind them.
 */
public final class TransferHub {

  static final String BENCH = "BENCH-V1";
  static final String READY = "Hub is ready.";
  static final String ACCOUNT = "selvedge";
  private static final long CONNECT_MILLIS = 30_000;

  private final ContentStore content;
  private final BlockLists lists;
  private final Connection blocks;
  private final BlockStreams streams;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong blockBytes = new AtomicLong();
  private final AtomicLong blockMessages = new AtomicLong();

  private TransferHub(Path data, Endpoint endpoint) throws IOException {
    Database database = Database.embedded(data.resolve("store"));
    content = new FileContent(Files.createDirectories(data.resolve("artifacts")));
    lists = new BlockLists(database, content);
    blocks =
        new Connection(
            "blocks",
            endpoint,
            new Connection.Subscriptions("HUB-blocks", false, List.of()),
            Connection.Inbox.NONE,
            Clock.systemUTC());
    streams = new BlockStreams(content, lists, this::sendBlocks);
  }

  /**
   * Runs until it is killed.
   *
   * @param arguments data directory, address of the broker
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Endpoint endpoint = new Endpoint(arguments[1], "", "");
    TransferHub hub = new TransferHub(Path.of(arguments[0]), endpoint);
    hub.blocks.start();
    hub.streams.start();
    Calling calling =
        new Calling(endpoint, ACCOUNT, KuraTopic.HUB, (who, request) -> true, Clock.systemUTC());
    calling.start(hub::answer);
    if (!calling.awaitFirst(CONNECT_MILLIS) || !hub.blocks.awaitFirst(CONNECT_MILLIS)) {
      throw new IOException("no connection to [" + arguments[1] + "]");
    }
    System.out.println(READY);
    new CountDownLatch(1).await();
  }

  private boolean sendBlocks(String gateway, String session, byte[] message)
      throws InterruptedException {
    blockBytes.addAndGet(message.length);
    blockMessages.incrementAndGet();
    return send(gateway, session, message);
  }

  /** So long are messages of blocks on average: raw ones are no longer and no shorter. */
  private int messageLength() {
    long count = blockMessages.get();
    return count == 0 ? BlockData.MOST_BYTES : (int) (blockBytes.get() / count);
  }

  private boolean send(String gateway, String session, byte[] message) throws InterruptedException {
    boolean gone = blocks.stream(KuraTopic.files(ACCOUNT, gateway, session), message);
    sent.addAndGet(gone ? message.length : 0);
    return gone;
  }

  private Reply answer(String gateway, String app, Request request) {
    if (app.equals(BENCH)) {
      return bench(gateway, request);
    }
    if (BlockRequest.isOne(request)) {
      return streams.ask(gateway, BlockRequest.of(request));
    }
    return content
        .read(request.resource(), whole(request, "offset"), (int) whole(request, "length"))
        .map(block -> new Reply(200, "", Map.of("size", Value.of(block.size())), block.bytes()))
        .orElseGet(() -> Reply.error(404, "not here"));
  }

  private Reply bench(String gateway, Request request) {
    try {
      switch (request.resource()) {
        case "add" -> {
          Path file = Path.of(new String(request.body(), StandardCharsets.UTF_8));
          String sha256 = content.add(file).sha256();
          String list = lists.of(sha256).orElseThrow();
          return new Reply(
              200, "", Map.of("sha256", Value.of(sha256), "list", Value.of(list)), new byte[0]);
        }
        case "raw" -> {
          String session = new String(request.body(), StandardCharsets.UTF_8);
          long bytes = whole(request, "bytes");
          Thread publisher = new Thread(() -> raw(gateway, session, bytes), "bench-raw");
          publisher.start();
          return Reply.ok();
        }
        default -> {
          return new Reply(200, "", Map.of("bytes", Value.of(sent.get())), new byte[0]);
        }
      }
    } catch (IOException e) {
      return Reply.error(500, e.toString());
    }
  }

  private void raw(String gateway, String session, long bytes) {
    try {
      int length = messageLength();
      for (long left = bytes; left > 0; left -= length) {
        send(gateway, session, new byte[(int) Math.min(left, length)]);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long whole(Request request, String metric) {
    return request.metrics().get(metric) instanceof Value.Whole whole ? whole.value() : 0;
  }
}
