package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Fetches a file from the hub in blocks over the live connection. A few requests are under way at a
 * time; their replies are taken in order, so that what is on the disk never has a gap and memory
 * holds {@value #WINDOW} blocks at most. Called on the deployment's thread.
 */
final class BlobFetcher {

  /** Largest block that the protocol allows. */
  static final int BLOCK = 65_536;

  /** Requests under way at a time. */
  static final int WINDOW = 4;

  /** Room that stays free on the disk for everything else. */
  static final long RESERVE = 32L << 20;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** So often a transfer that waits for the hub looks whether it is still wanted. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Times that a whole file may come out wrong before it is refused. */
  private static final int TRIES = 3;

  private final Supplier<Optional<Uplink>> uplink;
  private final BlobStore blobs;

  BlobFetcher(Supplier<Optional<Uplink>> uplink, BlobStore blobs) {
    this.uplink = uplink;
    this.blobs = blobs;
  }

  private record Block(long offset, int length, CompletableFuture<Reply> reply) {}

  /**
   * Fetches a file that is not here, from where it stopped.
   *
   * @param stop asked between blocks; true ends the transfer
   * @throws TransferException no connection, no answer, or stopped; call again later
   * @throws Refusal the hub does not have the file, or it is not what the deployment says
   */
  void fetch(Artifact.File file, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      if (blobs.has(file)) {
        return;
      }
      requireRoom(file);
      transfer(file, stop);
      if (blobs.complete(file)) {
        return;
      }
    }
    throw new Refusal(
        "artifact.digest_mismatch",
        "file ["
            + file.path()
            + "] came "
            + TRIES
            + " times with another SHA-256 than ["
            + file.sha256()
            + "], as the deployment says; deploy it again");
  }

  private void requireRoom(Artifact.File file) throws IOException, Refusal {
    long needed = file.size() - blobs.partSize(file) + RESERVE;
    if (blobs.room() < needed) {
      throw new Refusal(
          "artifact.no_room",
          "file ["
              + file.path()
              + "] needs ["
              + needed
              + "] bytes with the reserve, the disk has ["
              + blobs.room()
              + "]; make room and deploy again");
    }
  }

  private void transfer(Artifact.File file, BooleanSupplier stop)
      throws TransferException, Refusal, IOException, InterruptedException {
    long asked = blobs.partSize(file);
    Queue<Block> underWay = new ArrayDeque<>();
    try (FileChannel channel = blobs.append(file)) {
      while (asked < file.size() || !underWay.isEmpty()) {
        if (stop.getAsBoolean()) {
          throw new TransferException("stopped");
        }
        while (asked < file.size() && underWay.size() < WINDOW) {
          Block block = ask(file, asked);
          underWay.add(block);
          asked += block.length();
        }
        blobs.write(channel, take(file, underWay.remove(), stop));
      }
    } finally {
      underWay.forEach(block -> block.reply().cancel(true));
    }
  }

  private Block ask(Artifact.File file, long offset) throws TransferException {
    Uplink way =
        uplink.get().orElseThrow(() -> new TransferException("there is no way to the hub"));
    int length = (int) Math.min(BLOCK, file.size() - offset);
    Request request =
        new Request(
            Request.Method.GET,
            file.sha256(),
            Map.of("offset", Value.of(offset), "length", Value.of((long) length)),
            new byte[0]);
    return new Block(
        offset, length, way.request("ARTIFACT-V1", request, TIMEOUT).toCompletableFuture());
  }

  private byte[] take(Artifact.File file, Block block, BooleanSupplier stop)
      throws TransferException, Refusal, InterruptedException {
    Reply reply = await(block, stop);
    if (reply.code() == 404) {
      throw new Refusal(
          "artifact.not_found",
          "the hub does not have file ["
              + file.path()
              + "] with SHA-256 ["
              + file.sha256()
              + "]; register it there and deploy again");
    }
    if (reply.code() != 200) {
      throw new TransferException("the hub answered [" + reply.code() + "] " + reply.message());
    }
    Value size = reply.metrics().get("size");
    if (size != null && size.number().orElse(-1) != file.size()) {
      throw new Refusal(
          "artifact.wrong_size",
          "file ["
              + file.path()
              + "] has ["
              + size.display()
              + "] bytes at the hub, must have "
              + file.size()
              + " as the deployment says");
    }
    if (reply.body().length != block.length()) {
      throw new TransferException(
          "a block of [" + reply.body().length + "] bytes came, asked were " + block.length());
    }
    return reply.body();
  }

  private static Reply await(Block block, BooleanSupplier stop)
      throws TransferException, InterruptedException {
    long end = System.nanoTime() + TIMEOUT.plusSeconds(5).toNanos();
    while (System.nanoTime() < end) {
      try {
        return block.reply().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (stop.getAsBoolean()) {
          throw new TransferException("stopped", e);
        }
      } catch (ExecutionException e) {
        throw new TransferException("no block at offset [" + block.offset() + "]: " + e, e);
      }
    }
    throw new TransferException("no block at offset [" + block.offset() + "] in time");
  }
}
