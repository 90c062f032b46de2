package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Downloads;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.Source;
import io.selvedge.protocol.transfer.BlockData;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import io.selvedge.protocol.transfer.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** A hub and a broker that send blocks, in memory, and the faults that a link may have. */
final class FakeBlockHub implements Uplink, AutoCloseable {

  /** What becomes of a message on its way. */
  enum Fate {
    ARRIVES,
    IS_LOST,
    IS_ALTERED,
    COMES_TWICE,
    CUTS_THE_CONNECTION
  }

  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final AtomicLong bytesSent = new AtomicLong();
  final AtomicInteger sessions = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();
  final AtomicInteger messages = new AtomicInteger();

  /** By the message's number, from 1 on. */
  volatile IntFunction<Fate> fate = number -> Fate.ARRIVES;

  volatile boolean refusesSessions;
  volatile boolean online = true;

  private final ExecutorService network = Executors.newSingleThreadExecutor();
  private volatile Optional<Opened> open = Optional.empty();

  private final class Opened implements Downloads.Session {
    private final String name = "s" + sessions.incrementAndGet();
    private final Consumer<byte[]> arrived;
    private volatile Optional<String> ended = Optional.empty();

    Opened(Consumer<byte[]> arrived) {
      this.arrived = arrived;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<String> ended() {
      return ended;
    }

    @Override
    public void close() {
      ended = Optional.of("closed");
    }
  }

  Artifact.File add(byte[] content) {
    String digest = Digests.sha256(content);
    files.put(digest, content);
    return new Artifact.File("model.onnx", digest, content.length);
  }

  /** With a list of its blocks. */
  Source source(Artifact.File file) throws IOException {
    byte[] list = Chunker.list(new ByteArrayInputStream(files.get(file.sha256()))).toBytes();
    String digest = Digests.sha256(list);
    files.put(digest, list);
    return new Source("", Optional.of(new Source.Blocks(Chunker.MOST, digest)), Optional.empty());
  }

  @Override
  public Optional<Downloads> downloads() {
    return Optional.of(
        arrived -> {
          if (refusesSessions) {
            throw new IOException("not authorized");
          }
          Opened session = new Opened(arrived);
          open = Optional.of(session);
          return session;
        });
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    if (!online) {
      return CompletableFuture.failedFuture(new IOException("no connection"));
    }
    if (BlockRequest.isOne(request)) {
      requests.incrementAndGet();
      BlockRequest asked = BlockRequest.of(request);
      if (!files.containsKey(asked.file())) {
        return CompletableFuture.completedFuture(Reply.error(404, "not here"));
      }
      network.execute(() -> send(asked));
      return CompletableFuture.completedFuture(Reply.ok());
    }
    byte[] blob = files.get(request.resource());
    if (blob == null) {
      return CompletableFuture.completedFuture(Reply.error(404, "not here"));
    }
    int offset = number(request, "offset");
    int end = Math.min(blob.length, offset + number(request, "length"));
    return CompletableFuture.completedFuture(
        new Reply(
            200,
            "",
            Map.of("size", Value.of((long) blob.length)),
            Arrays.copyOfRange(blob, offset, end)));
  }

  private void send(BlockRequest asked) {
    byte[] content = files.getOrDefault(asked.file(), new byte[0]);
    BlockList list = BlockList.parse(files.getOrDefault(asked.list(), new byte[0]));
    List<Integer> some = new ArrayList<>();
    int bytes = 0;
    for (int bit : asked.wanted().stream().toArray()) {
      int block = asked.first() + bit;
      if (bytes + list.length(block) > BlockData.MOST_BYTES) {
        send(asked, list, content, some);
        some.clear();
        bytes = 0;
      }
      some.add(block);
      bytes += list.length(block);
    }
    send(asked, list, content, some);
  }

  private void send(BlockRequest asked, BlockList list, byte[] content, List<Integer> blocks) {
    Opened session = open.orElseThrow();
    if (session.ended().isPresent() || !session.name().equals(asked.session())) {
      return;
    }
    byte[] message;
    try {
      message =
          BlockData.message(
              asked.number(),
              blocks,
              list,
              (block, into) -> into.put(content, (int) list.offset(block), into.remaining()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    bytesSent.addAndGet(blocks.stream().mapToInt(list::length).sum());
    switch (fate.apply(messages.incrementAndGet())) {
      case ARRIVES -> session.arrived.accept(message);
      case IS_LOST -> {}
      case IS_ALTERED -> {
        message[message.length - 1] ^= 1;
        session.arrived.accept(message);
      }
      case COMES_TWICE -> {
        session.arrived.accept(message);
        session.arrived.accept(message);
      }
      case CUTS_THE_CONNECTION -> session.ended = Optional.of("cut");
    }
  }

  private static int number(Request request, String name) {
    return (int) request.metrics().getOrDefault(name, Value.of(-1L)).number().orElse(-1);
  }

  @Override
  public CompletionStage<Long> send(Message message) {
    return CompletableFuture.completedFuture(1L);
  }

  @Override
  public Status status() {
    return new Status(true, "tcp://127.0.0.1", FakeHub.NOW, "", "fake", 0, 0, Map.of(), 0);
  }

  @Override
  public void close() {
    network.shutdownNow();
  }
}
