package io.selvedge.flow;

import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An uplink that keeps what it is given; it may refuse. */
public final class FakeUplink implements Uplink {

  private final List<Message> messages = new ArrayList<>();
  private String refusal = "";
  private LinkState link = LinkState.NORMAL;
  private boolean broken;

  /** From now on messages are refused; an empty reason ends it. */
  public synchronized void refuse(String reason) {
    refusal = reason;
  }

  /** From now on it throws instead of answering. */
  public synchronized void tear() {
    broken = true;
  }

  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Messages of one app. */
  public List<Message> of(String app) {
    return messages().stream().filter(m -> m.app().equals(app)).toList();
  }

  @Override
  public synchronized LinkState link() {
    return link;
  }

  @Override
  public synchronized void link(LinkState state) {
    link = state;
  }

  @Override
  public synchronized CompletionStage<Long> send(Message message) {
    if (broken) {
      throw new IllegalStateException("outbox is closed");
    }
    if (!refusal.isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalStateException(refusal));
    }
    messages.add(message);
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
