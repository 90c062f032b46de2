package io.selvedge.core;

import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An uplink that keeps what it is given, and does something with each message. */
final class FakeUplink implements Uplink {

  final List<Message> messages = new CopyOnWriteArrayList<>();
  private final Consumer<Message> then;

  FakeUplink(Consumer<Message> then) {
    this.then = then;
  }

  @Override
  public CompletionStage<Long> send(Message message) {
    messages.add(message);
    then.accept(message);
    return CompletableFuture.completedFuture((long) messages.size());
  }

  @Override
  public CompletionStage<Reply> request(String app, Request request, Duration timeout) {
    return CompletableFuture.failedFuture(new IllegalStateException("not connected"));
  }

  @Override
  public Status status() {
    return new Status(true, "fake", Instant.EPOCH, "", "1", 0, 0, Map.of(), 0);
  }
}
