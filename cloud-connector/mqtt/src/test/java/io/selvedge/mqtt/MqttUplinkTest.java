package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Deliveries;
import io.selvedge.api.uplink.LinkReason;
import io.selvedge.api.uplink.LinkState;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.api.uplink.Uplink;
import io.selvedge.api.uplink.UplinkListener;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MqttUplinkTest {

  @TempDir Path directory = Path.of("."); // set before each test

  private FakeBroker broker = newBroker();
  private TestGateway gateway = new TestGateway(directory, broker.uri());

  private static FakeBroker newBroker() {
    try {
      return new FakeBroker();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void open() {
    gateway = new TestGateway(directory, broker.uri());
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
    broker.close();
  }

  private static byte[] request(String id, Request request) {
    return KuraCodec.encode(
        Calls.payload(request, new Calls.Correlation(id, "HUB"), TestGateway.TIME));
  }

  private List<FakeBroker.Published> published(String end) {
    return broker.published.stream().filter(one -> one.topic().endsWith(end)).toList();
  }

  @Test
  void sendsWhatWasAcceptedBeforeThereWasABroker() throws Exception {
    gateway.start();
    for (int i = 0; i < 100; i++) {
      gateway.send(i, 10);
    }
    Uplink.Status before = gateway.uplink().status();
    assertThat(before.connected()).isFalse();
    assertThat(before.pending()).isEqualTo(100);
    await("reason", () -> gateway.uplink().status().reason().contains("cannot be reached"));
    broker.start();
    // some 1.5 s where the machine has time for it
    await("delivery", Duration.ofSeconds(15), () -> broker.records.size() == 100);
    await("acknowledgement", () -> gateway.uplink().status().pending() == 0);
    Uplink.Status after = gateway.uplink().status();
    assertThat(after.connected()).isTrue();
    assertThat(List.of(after.accepted(), after.delivered())).containsExactly(100L, 100L);
  }

  @Test
  void saysWhatItIsWhenItComesAndGoes() throws Exception {
    broker.start();
    gateway.framework.register(
        RequestHandler.class, request -> Reply.ok(), Map.of("app.id", "TWIN-V1"));
    gateway.start().awaitConnected();
    assertThat(broker.subscribed).containsExactly("$EDC/acme/gw-1/#");
    KuraPayload birth = published("/MQTT/BIRTH").get(0).decoded();
    assertThat(birth.text("display_name")).contains("gw-1");
    assertThat(birth.text("kura_version")).contains("Selvedge 0.1.0");
    assertThat(birth.text("application_ids")).contains("TWIN-V1");
    assertThat(birth.text("accept_encoding")).contains("gzip");
    assertThat(published("$EDC/acme/gw-1/MQTT/BIRTH")).hasSize(1);
    gateway.close();
    await("disconnect", () -> published("$EDC/acme/gw-1/MQTT/DC").size() == 1);
    assertThat(published("/MQTT/DC").get(0).qos()).isZero();
    assertThat(birth.whole("connection.time"))
        .isPresent()
        .isEqualTo(published("/MQTT/DC").get(0).decoded().whole("connection.time"));
  }

  @Test
  void losesNothingWhileConnectionsAreCut() throws Exception {
    broker.start();
    gateway.start().awaitConnected();
    Random random = new Random(5);
    for (int i = 0; i < 5000; i++) {
      if (i % 500 == 250) {
        long cuts = i / 500;
        await("connection", () -> gateway.events("uplink.connected") == cuts + 1); // a new one
        TestGateway.pause(random.nextInt(60));
        broker.cut();
      }
      CompletableFuture<Long> last =
          gateway
              .uplink()
              .send(
                  Message.of(
                      "DATA-V1", "office", TestGateway.TIME, Map.of("n", Value.of((long) i))))
              .toCompletableFuture();
      if (i % 100 == 99) {
        last.join();
      }
    }
    await("delivery", () -> gateway.uplink().status().pending() == 0);
    assertThat(broker.records).hasSize(5000);
    assertThat(broker.deliveries.get()).isBetween(5000, 8000);
    assertThat(broker.connects.get()).isBetween(3, 25);
    assertThat(gateway.uplink().status().delivered()).isEqualTo(5000);
    assertThat(gateway.events("uplink.connected")).isEqualTo(broker.connects.get());
    // Paho's null pointers, where its threads end a connection at the same time, are no reasons
    assertThat(gateway.events).noneMatch(event -> event.message().contains("null"));
  }

  @Test
  void saysOnceThatItIsNotLetIn() throws Exception {
    broker.connectCode = 5;
    broker.start();
    gateway.with("user", "gw-1").with(".password", "wrong").start();
    await("attempts", () -> broker.connects.get() >= 4);
    assertThat(gateway.events("uplink.disconnected")).isEqualTo(1);
    assertThat(gateway.events.get(0).message())
        .contains("refuses user [gw-1]; correct user in io.selvedge.mqtt.cfg and the password");
    assertThat(gateway.events.get(0).message()).doesNotContain("wrong");
  }

  @Test
  void saysThatThePasswordFileIsMissingAndTakesItWhenItIsThere() throws Exception {
    broker.start();
    gateway.with("user", "gw-1").start();
    await("reason", () -> gateway.uplink().status().reason().contains("password file ["));
    Files.createDirectories(directory.resolve("conf/trust"));
    Files.writeString(directory.resolve("conf/trust/hub.password"), "secret\n");
    gateway.awaitConnected();
  }

  @Test
  void putsAsideAMessageThatBreaksConnections() throws Exception {
    broker.closesAbove = 50_000;
    broker.start();
    gateway.with("longest.pause.seconds", 1).start().awaitConnected();
    for (int i = 0; i < 10; i++) {
      gateway.send(i, 10);
    }
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    long poison =
        gateway
            .uplink()
            .send(Message.of("DATA-V1", "office", TestGateway.TIME, noise, 5))
            .toCompletableFuture()
            .join();
    for (int i = 0; i < 10; i++) {
      gateway.send(i, 10);
    }
    await("delivery", () -> gateway.uplink().status().pending() == 0);
    Uplink.Status status = gateway.uplink().status();
    assertThat(status.dropped()).isEqualTo(Map.of("refused", 1L));
    assertThat(status.delivered()).isEqualTo(20);
    assertThat(broker.records).hasSize(20).doesNotContain(poison);
    assertThat(gateway.events("outbox.dead_letter")).isEqualTo(1);
    assertThat(Files.exists(directory.resolve("data/outbox/dead/" + poison + ".dead"))).isTrue();
  }

  /** What matters more goes first on each connection, so the poison is never the first there. */
  @Test
  void findsTheMessageThatBreaksConnectionsBehindOthersThatGoThrough() throws Exception {
    broker.closesAbove = 50_000;
    broker.start();
    gateway.with("longest.pause.seconds", 1).start().awaitConnected();
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    gateway.uplink().send(Message.of("DATA-V1", "office", TestGateway.TIME, noise, 5));
    long[] urgent = {0};
    await(
        "a dead letter",
        () -> {
          urgent[0]++;
          gateway
              .uplink()
              .send(Message.of("DATA-V1", "office", TestGateway.TIME, new byte[] {1}, 0))
              .toCompletableFuture()
              .join();
          return gateway.uplink().status().dropped().equals(Map.of("refused", 1L));
        });
    await("delivery", () -> gateway.uplink().status().pending() == 0);
    assertThat(gateway.uplink().status().delivered()).isEqualTo(urgent[0]);
  }

  @Test
  void findsTheMessageThatBreaksConnectionsAmongOthersThatNobodyAcknowledges() throws Exception {
    broker.closesAbove = 50_000;
    broker.start();
    gateway.with("longest.pause.seconds", 1).start().awaitConnected();
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    gateway.uplink().send(Message.of("DATA-V1", "office", TestGateway.TIME, noise, 5));
    for (int i = 0; i < 50; i++) {
      Map<String, Value> metrics = Map.of("n", Value.of((long) i));
      gateway
          .uplink()
          .send(Message.of("DATA-V1", "office", TestGateway.TIME, metrics).withQos(0))
          .toCompletableFuture()
          .join();
    }
    await("delivery", () -> gateway.uplink().status().pending() == 0);
    Uplink.Status status = gateway.uplink().status();
    assertThat(status.dropped()).isEqualTo(Map.of("refused", 1L));
    assertThat(status.delivered()).isEqualTo(50);
  }

  @Test
  void sendsAtMostOnceWhatAsksForIt() throws Exception {
    gateway.start();
    for (int i = 0; i < 20; i++) {
      Map<String, Value> metrics = Map.of("n", Value.of((long) i));
      gateway
          .uplink()
          .send(Message.of("DATA-V1", "office", TestGateway.TIME, metrics).withQos(i % 2))
          .toCompletableFuture()
          .join();
    }
    broker.start();
    await("delivery", () -> broker.records.size() == 20);
    await("counts", () -> gateway.uplink().status().delivered() == 20);
    assertThat(broker.atMostOnce).hasValue(10);
  }

  @Test
  void theLinkDecidesWhatGoesUpAndWhatWaits() throws Exception {
    gateway.with("link", "metered").start();
    for (int priority = 0; priority < 10; priority++) {
      gateway
          .uplink()
          .send(Message.of("DATA-V1", "office", TestGateway.TIME, new byte[0], priority))
          .toCompletableFuture()
          .join();
    }
    broker.start();
    await("what is urgent", () -> gateway.uplink().status().delivered() == 4);
    assertThat(gateway.uplink().link()).isEqualTo(LinkState.METERED);
    gateway.uplink().link(LinkState.SLOW);
    await("what matters", () -> gateway.uplink().status().delivered() == 7);
    assertThat(gateway.uplink().status().pending()).isEqualTo(3);
    gateway.uplink().link(LinkState.NORMAL);
    await("all", () -> gateway.uplink().status().delivered() == 10);
    assertThat(broker.records).hasSize(10);
    assertThat(gateway.events("uplink.link")).isEqualTo(2);
    Deliveries deliveries = gateway.uplink().deliveries().orElseThrow();
    assertThat(deliveries.sums())
        .singleElement()
        .extracting(Deliveries.Sum::messages)
        .isEqualTo(10L);
    assertThat(deliveries.newest(Optional.empty(), Long.MAX_VALUE, 10))
        .hasSize(10)
        .allSatisfy(
            one -> {
              Instant sent = one.sent().orElseThrow();
              assertThat(one.accepted().orElseThrow()).isBeforeOrEqualTo(sent);
              assertThat(sent).isBeforeOrEqualTo(one.delivered());
            });
  }

  @Test
  void aNormalLinkIsSlowByTheHour() throws Exception {
    broker.start();
    gateway.with("link.schedule", "slow 00:00-12:00, slow 12:00-00:00").start();
    for (int priority = 6; priority < 8; priority++) {
      gateway
          .uplink()
          .send(Message.of("DATA-V1", "office", TestGateway.TIME, new byte[0], priority))
          .toCompletableFuture()
          .join();
    }
    await("what matters", () -> gateway.uplink().status().delivered() == 1);
    assertThat(gateway.uplink().linkReason().cause()).isEqualTo(LinkReason.Cause.SCHEDULE);
    assertThat(gateway.uplink().status().pending()).isEqualTo(1);
    gateway.uplink().link(LinkState.NORMAL);
    await("all", () -> gateway.uplink().status().delivered() == 2);
    gateway.uplink().linkByItself();
    assertThat(gateway.uplink().link()).isEqualTo(LinkState.SLOW);
  }

  @Test
  void doesNotEvenTryAMessageThatIsOverTheLimit() throws Exception {
    broker.start();
    gateway.with("largest.message.kib", 1).start().awaitConnected();
    byte[] noise = new byte[2000];
    new Random(1).nextBytes(noise);
    gateway
        .uplink()
        .send(Message.of("DATA-V1", "office", TestGateway.TIME, noise, 5))
        .toCompletableFuture()
        .join();
    await("dead letter", () -> gateway.events("outbox.dead_letter") == 1);
    assertThat(broker.connects.get()).isEqualTo(1);
    assertThat(gateway.events.get(gateway.events.size() - 1).message())
        .contains("is larger than the [1024] that the broker may be sent");
  }

  @Test
  void doesNotAcceptATopicThatMqttForbids() throws Exception {
    gateway.start();
    for (String resource : List.of("off\0ice", "off\u0007ice", "off\ud800ice", "off\uffffice")) {
      Message message = Message.of("DATA-V1", resource, TestGateway.TIME, new byte[] {1}, 5);
      assertThatThrownBy(() -> gateway.uplink().send(message).toCompletableFuture().join())
          .hasMessageContaining("must not hold control or unassigned characters");
    }
    assertThat(gateway.uplink().status().accepted()).isZero();
  }

  @Test
  void answersRequests() throws Exception {
    broker.start();
    gateway.framework.register(
        RequestHandler.class,
        request -> {
          if (request.resource().equals("broken")) {
            throw new IllegalStateException("out of order");
          }
          return Reply.ok("{\"for\":\"" + request.resource() + "\"}");
        },
        Map.of("app.id", "TWIN-V1"));
    gateway.start().awaitConnected();
    Request get = new Request(Method.GET, "desired", Map.of(), new byte[0]);
    broker.send("$EDC/acme/gw-1/TWIN-V1/GET/desired", request("1", get));
    broker.send("$EDC/acme/gw-1/TWIN-V1/GET/desired", request("1", get)); // delivered twice
    broker.send("$EDC/acme/gw-1/TWIN-V1/GET/broken", request("2", get));
    broker.send("$EDC/acme/gw-1/CONF-V1/GET/all", request("3", get));
    broker.send("$EDC/acme/gw-1/TWIN-V1/GET/desired", new byte[] {1, 2, 3});
    broker.send("$EDC/acme/gw-1/TWIN-V1/GET/desired", request("4", get));
    await("replies", () -> published("/REPLY/4").size() == 1);
    assertThat(published("$EDC/acme/HUB/TWIN-V1/REPLY/1")).hasSize(2);
    Reply reply = Calls.reply(published("/REPLY/1").get(0).decoded());
    assertThat(reply.code()).isEqualTo(200);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo("{\"for\":\"desired\"}");
    assertThat(published("/REPLY/1").get(0).qos()).isEqualTo(1);
    Reply broken = Calls.reply(published("/REPLY/2").get(0).decoded());
    assertThat(broken.code()).isEqualTo(500);
    assertThat(broken.message()).contains("out of order");
    Reply unknown = Calls.reply(published("/REPLY/3").get(0).decoded());
    assertThat(unknown.code()).isEqualTo(404);
    assertThat(unknown.message()).isEqualTo("application [CONF-V1] is not here");
  }

  @Test
  void asksTheHub() throws Exception {
    broker.start();
    gateway.start().awaitConnected();
    Request ask = new Request(Method.GET, "desired", Map.of(), new byte[0]);
    CompletableFuture<Reply> reply =
        gateway.uplink().request("TWIN-V1", ask, Duration.ofSeconds(20)).toCompletableFuture();
    await("request", () -> published("$EDC/acme/HUB/TWIN-V1/GET/desired").size() == 1);
    KuraPayload asked = published("/TWIN-V1/GET/desired").get(0).decoded();
    Calls.Correlation correlation = Calls.correlation(asked).orElseThrow();
    assertThat(correlation.requester()).isEqualTo("gw-1");
    broker.send(
        new KuraTopic.Answer("acme", "gw-1", "TWIN-V1", correlation.requestId()).topic(),
        KuraCodec.encode(Calls.payload(Reply.error(404, "none"), TestGateway.TIME)));
    assertThat(reply.get().code()).isEqualTo(404);
  }

  @Test
  void saysWhyTheHubDidNotAnswer() throws Exception {
    gateway.start();
    Request ask = new Request(Method.GET, "desired", Map.of(), new byte[0]);
    assertThatThrownBy(
            () ->
                gateway
                    .uplink()
                    .request("TWIN-V1", ask, Duration.ofSeconds(20))
                    .toCompletableFuture()
                    .get())
        .hasMessageContaining("hub cannot be asked [TWIN-V1/GET/desired]: no connection");
    broker.start();
    gateway.awaitConnected();
    assertThatThrownBy(
            () ->
                gateway
                    .uplink()
                    .request("TWIN-V1", ask, Duration.ofMillis(50))
                    .toCompletableFuture()
                    .get())
        .hasMessageContaining("no reply from the hub within [PT0.05S]");
    CompletableFuture<Reply> cut =
        gateway.uplink().request("TWIN-V1", ask, Duration.ofSeconds(20)).toCompletableFuture();
    broker.cut();
    assertThatThrownBy(cut::get).hasMessageContaining("connection is lost");
  }

  @Test
  void tellsListenersOfEveryConnectionAndLateOnesAtOnce() throws Exception {
    AtomicInteger early = new AtomicInteger();
    AtomicInteger late = new AtomicInteger();
    gateway.framework.register(UplinkListener.class, early::incrementAndGet, Map.of());
    gateway.framework.register(
        UplinkListener.class,
        () -> {
          throw new IllegalStateException("a listener that fails harms nobody");
        },
        Map.of());
    broker.start();
    gateway.start();
    await("first call", () -> early.get() == 1);
    gateway.framework.register(UplinkListener.class, late::incrementAndGet, Map.of());
    await("late call", () -> late.get() == 1);
    broker.cut();
    await("second call", () -> early.get() == 2 && late.get() == 2);
  }

  @Test
  void givesUpABrokerThatDoesNotAnswer() throws Exception {
    broker.mute = true;
    broker.start();
    gateway.with("connection.timeout.seconds", 1).start();
    await(
        "reason",
        () -> gateway.uplink().status().reason().contains("does not answer: nothing came within"));
    broker.mute = false;
    gateway.awaitConnected();
  }

  @Test
  void triesTheNextBroker() throws Exception {
    broker.start();
    gateway.with("broker", "tcp://127.0.0.1:1, " + broker.uri()).start().awaitConnected();
    assertThat(gateway.uplink().status().endpoint()).isEqualTo(broker.uri());
  }

  @Test
  void isHealthyOrSaysWhyNot() throws Exception {
    gateway.start();
    UplinkHealthCheck check = new UplinkHealthCheck(gateway.uplink());
    assertThat(check.execute().getStatus()).isEqualTo(Result.Status.WARN);
    broker.start();
    gateway.awaitConnected();
    assertThat(check.execute().getStatus()).isEqualTo(Result.Status.OK);
  }

  @Test
  void leavesNoThreadWhetherItWasConnectedOrNot() throws Exception {
    // Paho leaves one behind for good where a connection ends while it begins, as others' here do
    Set<Thread> before = threads();
    gateway.start();
    gateway.close();
    broker.start();
    gateway.start().awaitConnected();
    gateway.send(1, 10);
    gateway.close();
    assertThat(gateway.framework.hasListeners()).isFalse();
    await("the end of the last thread, they are " + threads(), () -> before.containsAll(threads()));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(one -> one.getName().startsWith("selvedge-") || one.getName().startsWith("MQTT "))
        .collect(Collectors.toSet());
  }
}
