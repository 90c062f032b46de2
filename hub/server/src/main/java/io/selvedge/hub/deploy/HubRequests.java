package io.selvedge.hub.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.hub.security.KeyRing;
import io.selvedge.hub.store.ContentStore;
import io.selvedge.hub.store.Deployment;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.transfer.BlockRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What gateways ask of the hub: their deployment, and blocks of the files it names. Called on the
 * thread {@code hub-requests}, one after the other.
 */
public final class HubRequests {

  /** Application id of the twin. */
  public static final String TWIN = "TWIN-V1";

  /** Application id of artifact files. */
  public static final String ARTIFACT = BlockRequest.APP;

  /** Most bytes in one reply. */
  public static final int MOST_BLOCK = 65_536;

  private final Deployer deployer;
  private final ContentStore content;
  private final BlockStreams streams;
  private final KeyRing keys;

  public HubRequests(Deployer deployer, ContentStore content, BlockStreams streams, KeyRing keys) {
    this.deployer = deployer;
    this.content = content;
    this.streams = streams;
    this.keys = keys;
  }

  /** Answers one request of one gateway. */
  public Reply answer(String gateway, String app, Request request) {
    if (app.equals(TWIN)
        && request.method() == Method.GET
        && request.resource().equals("desired")) {
      return desired(gateway);
    }
    if (app.equals(TWIN) && request.method() == Method.GET && request.resource().equals("keys")) {
      return keyChanges();
    }
    if (app.equals(ARTIFACT) && request.method() == Method.GET) {
      return BlockRequest.isOne(request) ? blocks(gateway, request) : block(request);
    }
    return Reply.error(
        404,
        "the hub has no ["
            + app
            + "/"
            + request.method()
            + "/"
            + request.resource()
            + "]; it answers TWIN-V1/GET/desired, TWIN-V1/GET/keys, ARTIFACT-V1/GET/{sha256} and"
            + " ARTIFACT-V1/GET/{sha256}/blocks");
  }

  private Reply desired(String gateway) {
    Optional<Deployment> newest = deployer.fetch(gateway);
    return newest
        .map(deployment -> new Reply(200, "", Map.of(), deployer.envelope(deployment)))
        .orElseGet(
            () -> Reply.error(404, "there is no deployment for gateway [" + gateway + "] yet"));
  }

  private Reply keyChanges() {
    ObjectNode json = Json.mapper().createObjectNode();
    ArrayNode changes = json.putArray("changes");
    for (SignedEnvelope change : keys.changes()) {
      changes.add(new String(change.toJson(), StandardCharsets.UTF_8));
    }
    return new Reply(200, "", Map.of(), Json.bytes(json));
  }

  private Reply blocks(String gateway, Request request) {
    BlockRequest asked;
    try {
      asked = BlockRequest.of(request);
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
    return streams.ask(gateway, asked);
  }

  private Reply block(Request request) {
    long offset = whole(request, "offset");
    long length = whole(request, "length");
    if (offset < 0 || length < 1 || length > MOST_BLOCK) {
      return Reply.error(
          400,
          "offset ["
              + offset
              + "] and length ["
              + length
              + "] must be INT64 metrics, offset from 0, length from 1 to "
              + MOST_BLOCK);
    }
    return content
        .read(request.resource(), offset, (int) length)
        .map(block -> new Reply(200, "", Map.of("size", Value.of(block.size())), block.bytes()))
        .orElseGet(
            () -> Reply.error(404, "artifact file [" + request.resource() + "] is not here"));
  }

  private static long whole(Request request, String metric) {
    return request.metrics().get(metric) instanceof Value.Whole whole ? whole.value() : -1;
  }
}
