package io.selvedge.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.DeploymentException;
import io.selvedge.protocol.deployment.SignedEnvelope;
import io.selvedge.protocol.json.Json;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Records;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.paho.client.mqttv3.MqttException;

/**
 * A gateway that takes deployments as the wire's description says: asks for the newest at each
 * connection, hears new ones, reports every state, and connects again after a cut. It runs nothing;
 * what becomes of an artifact is told beforehand. It remembers every document of every revision: no
 * revision may ever say two different things.
 */
public final class FakeInstaller implements AutoCloseable {

  private static final Request NEWEST = new Request(Method.GET, "desired", Map.of(), new byte[0]);

  private final String broker;
  private final String id;
  private final String password;
  private final Function<Artifact, String> fault;
  private final Map<Long, String> documents = new TreeMap<>();
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Thread thread;
  private List<Artifact> live = List.of();
  private long revision;
  private long newest;
  private String state = "NONE";
  private String code = "";
  private long record;
  private volatile String broken = "";

  /**
   * Connects and stays so.
   *
   * @param fault the code with which a trial of an artifact ends; empty: it passes
   */
  public FakeInstaller(
      String broker, String id, String password, Function<Artifact, String> fault) {
    this.broker = broker;
    this.id = id;
    this.password = password;
    this.fault = fault;
    this.thread = new Thread(this::live, "fake-" + id);
    thread.start();
  }

  private void live() {
    while (open.get()) {
      try (FakeGateway gateway = FakeGateway.born(broker, id, password)) {
        report(gateway);
        Reply reply = gateway.ask("TWIN-V1", NEWEST);
        if (reply.code() == 200) {
          take(gateway, reply.body());
        }
        while (open.get() && gateway.connected()) {
          hear(gateway);
        }
      } catch (MqttException | TimeoutException e) {
        pause(); // the hub was killed
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void hear(FakeGateway gateway) throws MqttException, InterruptedException {
    FakeGateway.Heard heard;
    try {
      heard = gateway.hear(200);
    } catch (TimeoutException e) {
      return; // nothing came, or the connection is gone
    }
    if (KuraTopic.parse(heard.topic()).orElseThrow() instanceof KuraTopic.Call call
        && call.resource().equals("desired")) {
      Calls.Correlation who = Calls.correlation(heard.payload()).orElseThrow();
      gateway.publish(
          new KuraTopic.Answer(FakeGateway.ACCOUNT, who.requester(), call.app(), who.requestId())
              .topic(),
          Calls.payload(Reply.ok(), Instant.now()));
      take(gateway, heard.payload().body());
    }
  }

  private void take(FakeGateway gateway, byte[] envelope) throws MqttException {
    DeploymentDocument document;
    try {
      document = DeploymentDocument.parse(SignedEnvelope.parse(envelope).payload());
    } catch (DeploymentException e) {
      broken = "unreadable: " + e.getMessage();
      return;
    }
    String text = document.toString();
    synchronized (documents) {
      String before = documents.putIfAbsent(document.revision(), text);
      if (before != null && !before.equals(text)) {
        broken = "revision " + document.revision() + " says " + before + " and " + text;
      }
    }
    if (document.revision() <= newest) {
      return;
    }
    newest = document.revision();
    become(gateway, "FETCHING", "");
    become(gateway, "TRIAL", "");
    String why =
        document.artifacts().stream()
            .filter(one -> !live.contains(one))
            .map(fault)
            .filter(one -> !one.isEmpty())
            .findFirst()
            .orElse("");
    if (why.isEmpty()) {
      revision = newest;
      live = document.artifacts();
    }
    become(gateway, why.isEmpty() ? "ACTIVE" : "REVERTED", why);
  }

  private void become(FakeGateway gateway, String now, String why) throws MqttException {
    state = now;
    code = why;
    report(gateway);
  }

  private void report(FakeGateway gateway) throws MqttException {
    ObjectNode json = Json.mapper().createObjectNode();
    json.putObject("deployment")
        .put("revision", revision)
        .put("newest", newest)
        .put("state", state)
        .put("code", code)
        .put("message", code.isEmpty() ? "" : "it did worse");
    json.putObject("trial").put("rows", 100).put("agreement", code.isEmpty() ? 0.98 : 0.4);
    json.set("artifacts", DeploymentDocument.toJson(live));
    gateway.publish(
        new KuraTopic.Data(FakeGateway.ACCOUNT, id, "TWIN-V1", "reported").topic(),
        KuraCodec.append(
            KuraCodec.encodePlain(KuraPayload.of(Instant.now(), Map.of(), Json.bytes(json))),
            Records.identity("box-" + id, ++record)));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every revision it ever got. */
  public List<Long> revisions() {
    synchronized (documents) {
      return List.copyOf(documents.keySet());
    }
  }

  /** The newest document it got, as text. */
  public String newest() {
    synchronized (documents) {
      return String.join("", documents.values().stream().skip(documents.size() - 1L).toList());
    }
  }

  /** What must never happen and did; empty: nothing. */
  public String broken() {
    return broken;
  }

  @Override
  public void close() {
    open.set(false);
    thread.interrupt();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
