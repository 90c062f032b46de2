package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.Keys;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The hub's side of the wire, in memory: signs deployments and serves blocks. */
final class FakeHub implements Uplink {

  private static final Pattern STATE = Pattern.compile("\"state\":\"([A-Z]+)\"");

  static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  static final TransferRules RULES =
      new TransferRules(1 << 30, 0, 1 << 20, Optional.empty(), Set.of(), List.of());

  final KeyPair key = Keys.generate();
  final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  final List<Message> sent = new ArrayList<>();
  final List<Long> offsets = new ArrayList<>();

  /** The states that were reported, for tests with threads. */
  final BlockingQueue<String> states = new LinkedBlockingQueue<>();

  /** Whether a request is answered at all. */
  volatile boolean silent;

  Duration validity = Duration.ofDays(1);
  Optional<byte[]> desired = Optional.empty();
  final List<String> keyChanges = new ArrayList<>();

  /** Blocks that are answered before the connection is gone. */
  int blocksUntilGone = Integer.MAX_VALUE;

  UnaryOperator<Reply> meddle = UnaryOperator.identity();

  Artifact artifact(Artifact.Kind kind, String name, String version, byte[] content) {
    String digest = Digests.sha256(content);
    blobs.put(digest, content);
    return new Artifact(
        kind, name, version, List.of(new Artifact.File("file", digest, content.length)));
  }

  /** An artifact whose file says its name and version. */
  Artifact model(String name, String version) {
    return artifact(Artifact.Kind.MODEL, name, version, (name + " " + version).getBytes(UTF_8));
  }

  byte[] deployment(long revision, Artifact... artifacts) {
    return sign(
        new DeploymentDocument("gw-1", revision, NOW, NOW.plus(validity), List.of(artifacts)));
  }

  /** The same with a trial, as JSON: {@code {"live":{"rows":100}}}. */
  byte[] onTrial(String trial, long revision, Artifact... artifacts) {
    Fields conditions = Fields.parse("trial", trial.getBytes(UTF_8));
    return sign(
        new DeploymentDocument("gw-1", revision, NOW, NOW.plus(validity), List.of(artifacts))
            .with(Optional.of(Trial.parse(conditions))));
  }

  byte[] sign(DeploymentDocument document) {
    return SignedEnvelope.sign(DeploymentDocument.PAYLOAD_TYPE, document.toJson(), key).toJson();
  }

  @Override
  public synchronized CompletionStage<Long> send(Message message) {
    sent.add(message);
    Matcher state = STATE.matcher(new String(message.body(), UTF_8));
    if (state.find()) {
      states.add(state.group(1));
    }
    return CompletableFuture.completedFuture((long) sent.size());
  }

  String lastReported() {
    return new String(sent.get(sent.size() - 1).body(), UTF_8);
  }

  @Override
  public synchronized CompletionStage<Reply> request(
      String app, Request request, Duration timeout) {
    if (silent) {
      return new CompletableFuture<>();
    }
    if (app.equals("TWIN-V1") && request.resource().equals("keys")) {
      String list =
          keyChanges.stream().map(c -> Json.text(new TextNode(c))).collect(Collectors.joining(","));
      return CompletableFuture.completedFuture(
          new Reply(200, "", Map.of(), ("{\"changes\":[" + list + "]}").getBytes(UTF_8)));
    }
    if (app.equals("TWIN-V1")) {
      return CompletableFuture.completedFuture(
          desired
              .map(envelope -> new Reply(200, "", Map.of(), envelope))
              .orElse(Reply.error(404, "nothing is desired")));
    }
    if (blocksUntilGone-- <= 0) {
      return CompletableFuture.failedFuture(new IOException("the connection is gone"));
    }
    byte[] blob = blobs.get(request.resource());
    if (blob == null) {
      return CompletableFuture.completedFuture(Reply.error(404, "no such file"));
    }
    int offset = number(request, "offset");
    int length = number(request, "length");
    offsets.add((long) offset);
    byte[] body = Arrays.copyOfRange(blob, offset, Math.min(blob.length, offset + length));
    Reply reply = new Reply(200, "", Map.of("size", Value.of((long) blob.length)), body);
    return CompletableFuture.completedFuture(meddle.apply(reply));
  }

  private static int number(Request request, String name) {
    Value value = request.metrics().getOrDefault(name, Value.of(-1L));
    return (int) value.number().orElse(-1);
  }

  @Override
  public Status status() {
    return new Status(true, "tcp://127.0.0.1", NOW, "", "fake", 0, 0, Map.of(), 0);
  }
}
