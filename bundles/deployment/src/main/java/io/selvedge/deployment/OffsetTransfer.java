package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.transfer.BlockList;
import io.selvedge.protocol.transfer.BlockRequest;
import java.io.ByteArrayOutputStream;
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
 * Fetches from the hub by offset, over the connection that messages use: small files, lists of
 * blocks, and everything where there is no second connection. A few requests are under way at a
 * time; their replies are taken in order, so that what is on the disk never has a gap and memory
 * holds {@value #WINDOW} pieces at most. Called on the deployment's thread.
 */
final class OffsetTransfer {

  /** Most bytes that the protocol allows in one reply. */
  static final int PIECE = 65_536;

  /** Requests under way at a time. */
  static final int WINDOW = 4;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** So often a transfer that waits for the hub looks whether it is still wanted. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Supplier<Optional<Uplink>> uplink;
  private final BlobStore blobs;

  OffsetTransfer(Supplier<Optional<Uplink>> uplink, BlobStore blobs) {
    this.uplink = uplink;
    this.blobs = blobs;
  }

  private record Piece(long offset, int length, CompletableFuture<Reply> reply) {}

  /**
   * Appends what is missing to the partial file.
   *
   * @param stop asked between pieces; true ends the transfer
   */
  void transfer(Artifact.File file, BooleanSupplier stop, Meter meter)
      throws TransferException, Refusal, IOException, InterruptedException {
    long asked = blobs.partSize(file);
    long done = asked;
    Queue<Piece> underWay = new ArrayDeque<>();
    try (FileChannel channel = blobs.append(file)) {
      while (asked < file.size() || !underWay.isEmpty()) {
        if (stop.getAsBoolean()) {
          throw new TransferException("stopped");
        }
        while (asked < file.size() && underWay.size() < WINDOW) {
          int length = (int) Math.min(PIECE, file.size() - asked);
          underWay.add(ask(file.sha256(), asked, length));
          asked += length;
        }
        byte[] bytes = take(file, underWay.remove(), stop);
        blobs.write(channel, bytes);
        done += bytes.length;
        meter.here(file, done);
      }
    } finally {
      underWay.forEach(piece -> piece.reply().cancel(true));
    }
  }

  /**
   * Fetches a list of blocks into memory.
   *
   * @throws Refusal the hub does not have it, or it is not what its name says
   */
  byte[] list(Artifact.File file, String sha256, BooleanSupplier stop)
      throws TransferException, Refusal, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long size = 1;
    while (all.size() < size) {
      Reply reply = await(ask(sha256, all.size(), PIECE), stop);
      require(file, reply);
      size = (long) reply.metrics().getOrDefault("size", Value.of(0L)).number().orElse(0);
      all.writeBytes(reply.body());
      if (reply.body().length == 0 || size > BlockList.MOST_BYTES) {
        break;
      }
    }
    if (!Digests.sha256(all.toByteArray()).equals(sha256)) {
      throw new Refusal(
          "artifact.digest_mismatch",
          "list of blocks of file ["
              + file.path()
              + "] came with another SHA-256 than ["
              + sha256
              + "], as the deployment says; deploy it again");
    }
    return all.toByteArray();
  }

  private Piece ask(String sha256, long offset, int length) throws TransferException {
    Uplink way =
        uplink.get().orElseThrow(() -> new TransferException("there is no way to the hub"));
    Request request =
        new Request(
            Request.Method.GET,
            sha256,
            Map.of("offset", Value.of(offset), "length", Value.of((long) length)),
            new byte[0]);
    return new Piece(
        offset, length, way.request(BlockRequest.APP, request, TIMEOUT).toCompletableFuture());
  }

  private byte[] take(Artifact.File file, Piece piece, BooleanSupplier stop)
      throws TransferException, Refusal, InterruptedException {
    Reply reply = await(piece, stop);
    require(file, reply);
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
    if (reply.body().length != piece.length()) {
      throw new TransferException(
          "a block of [" + reply.body().length + "] bytes came, asked were " + piece.length());
    }
    return reply.body();
  }

  /** Refuses what the hub does not have. */
  static void require(Artifact.File file, Reply reply) throws TransferException, Refusal {
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
  }

  private static Reply await(Piece piece, BooleanSupplier stop)
      throws TransferException, InterruptedException {
    long end = System.nanoTime() + TIMEOUT.plusSeconds(5).toNanos();
    while (System.nanoTime() < end) {
      try {
        return piece.reply().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (stop.getAsBoolean()) {
          throw new TransferException("stopped", e);
        }
      } catch (ExecutionException e) {
        throw new TransferException("no block at offset [" + piece.offset() + "]: " + e, e);
      }
    }
    throw new TransferException("no block at offset [" + piece.offset() + "] in time");
  }
}
