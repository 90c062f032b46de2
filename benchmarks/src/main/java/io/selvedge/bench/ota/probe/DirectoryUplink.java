package io.selvedge.bench.ota.probe;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The hub as a directory: {@code desired} is the newest envelope, {@code blobs/SHA256} are files.
 */
public final class DirectoryUplink implements Uplink {

  private static final Reply NO_CHANGE_OF_KEYS =
      new Reply(200, "", Map.of(), "{\"changes\":[]}".getBytes(StandardCharsets.UTF_8));

  private final Path hub;
  private final AtomicLong sent = new AtomicLong();

  DirectoryUplink(Path hub) {
    this.hub = hub;
  }

  @Override
  public CompletionStage<Long> send(Message message) {
    return CompletableFuture.completedFuture(sent.incrementAndGet());
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    try {
      if (!app.equals("TWIN-V1")) {
        return CompletableFuture.completedFuture(blob(request));
      }
      return CompletableFuture.completedFuture(
          request.resource().equals("keys") ? NO_CHANGE_OF_KEYS : desired());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Reply desired() throws IOException {
    Path desired = hub.resolve("desired");
    return Files.exists(desired)
        ? new Reply(200, "", Map.of(), Files.readAllBytes(desired))
        : Reply.error(404, "nothing is desired");
  }

  private Reply blob(Request request) throws IOException {
    Path file = hub.resolve("blobs").resolve(request.resource());
    if (!Files.exists(file)) {
      return Reply.error(404, "no such file");
    }
    byte[] blob = Files.readAllBytes(file);
    int offset = number(request, "offset", 0);
    int length = number(request, "length", blob.length);
    return new Reply(
        200,
        "",
        Map.of("size", Value.of((long) blob.length)),
        Arrays.copyOfRange(
            blob, Math.min(offset, blob.length), Math.min(blob.length, offset + length)));
  }

  private static int number(Request request, String name, int otherwise) {
    Value value = request.metrics().get(name);
    return value == null ? otherwise : (int) value.number().orElse(otherwise);
  }

  @Override
  public Status status() {
    return new Status(true, "directory", Instant.EPOCH, "", "probe", 0, 0, Map.of(), 0);
  }
}
