package io.selvedge.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.deployment.StoreFigures;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.protocol.json.Fields;
import io.selvedge.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the twin and the hub tell each other: {@code TWIN-V1} of docs/protocol.md. */
final class HubLink {

  static final String APP = "TWIN-V1";

  private static final Logger log = LoggerFactory.getLogger(HubLink.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int PRIORITY = 2;

  private final Supplier<Optional<Uplink>> uplink;
  private final Supplier<StoreFigures> store;
  private final Clock clock;

  HubLink(Supplier<Optional<Uplink>> uplink, Supplier<StoreFigures> store, Clock clock) {
    this.uplink = uplink;
    this.store = store;
    this.clock = clock;
  }

  /** The reported state with what the store holds. */
  ObjectNode reported(DeploymentStatus status) {
    ObjectNode json = Reported.json(status);
    StoreFigures figures = store.get();
    json.putObject("store")
        .put("bytes", figures.bytes())
        .put("unneeded_bytes", figures.unneededBytes())
        .put("files", figures.files())
        .put("budget_bytes", figures.budget());
    return json;
  }

  /** Sends the reported state; the outbox keeps it where there is no connection. */
  void report(DeploymentStatus status) {
    Message message =
        Message.of(APP, "reported", clock.instant(), Json.bytes(reported(status)), PRIORITY);
    uplink
        .get()
        .ifPresent(
            way ->
                way.send(message)
                    .whenComplete(
                        (id, refused) -> {
                          if (refused != null) {
                            log.debug("reported state not taken by the outbox", refused);
                          }
                        }));
  }

  /**
   * Asks for all changes of the hub's key that there were, the oldest first.
   *
   * @return envelopes; none where the hub knows no such request
   * @throws TransferException no answer; ask again later
   */
  List<byte[]> keys() throws TransferException, InterruptedException {
    Reply reply = get("keys");
    List<byte[]> changes = new ArrayList<>();
    if (reply.code() == 200) {
      try {
        Fields fields = Fields.parse("keys", reply.body());
        if (!fields.raw("changes").isEmpty()) {
          for (String change : fields.texts("changes")) {
            changes.add(change.getBytes(StandardCharsets.UTF_8));
          }
        }
      } catch (IllegalArgumentException e) {
        log.warn("The hub's changes of keys cannot be read: {}", e.getMessage());
      }
    }
    return changes;
  }

  /**
   * Asks for the newest deployment.
   *
   * @return the envelope; empty where the hub has none for this gateway
   * @throws TransferException no answer; ask again later
   */
  Optional<byte[]> desired() throws TransferException, InterruptedException {
    Reply reply = get("desired");
    if (reply.code() == 404) {
      return Optional.empty();
    }
    if (reply.code() != 200) {
      throw new TransferException("the hub answered [" + reply.code() + "] " + reply.message());
    }
    return Optional.of(reply.body());
  }

  private Reply get(String resource) throws TransferException, InterruptedException {
    Uplink way =
        uplink.get().orElseThrow(() -> new TransferException("there is no way to the hub"));
    Request request = new Request(Request.Method.GET, resource, Map.of(), new byte[0]);
    try {
      return way.request(APP, request, TIMEOUT)
          .toCompletableFuture()
          .get(TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new TransferException("the hub did not answer [" + resource + "]: " + e, e);
    }
  }
}
