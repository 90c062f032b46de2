package io.selvedge.itest;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a hub that serves files out of memory. */
final class MemoryHub implements Uplink {

  final Map<String, byte[]> files = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Long> send(Message message) {
    return CompletableFuture.completedFuture(1L);
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    byte[] file = files.get(request.resource());
    if (file == null) {
      return CompletableFuture.completedFuture(Reply.error(404, "not here"));
    }
    int offset = number(request, "offset");
    int length = number(request, "length");
    return CompletableFuture.completedFuture(
        new Reply(
            200,
            "",
            Map.of("size", Value.of((long) file.length)),
            Arrays.copyOfRange(file, offset, offset + length)));
  }

  private static int number(Request request, String metric) {
    return (int) request.metrics().getOrDefault(metric, Value.of(-1L)).number().orElse(-1);
  }

  @Override
  public Status status() {
    return new Status(true, "memory", Instant.now(), "", "memory", 0, 0, Map.of(), 0);
  }
}
