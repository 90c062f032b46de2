package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notifier;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.api.uplink.RequestHandler;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.Notices;
import io.selvedge.protocol.kura.PayloadEncoding;
import io.selvedge.protocol.kura.PayloadFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway answers, and to whom. */
class DownlinkTest {

  private static final Request GET = new Request(Method.GET, "x", Map.of(), new byte[0]);
  private static final String TOPIC = "$EDC/acme/gw-1/TEST-V1/GET/x";
  private static final PayloadFormat JSON = new PayloadFormat(PayloadEncoding.SIMPLE_JSON, true);

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
  void open() throws IOException {
    gateway = new TestGateway(directory, broker.uri());
    broker.start();
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
    broker.close();
  }

  private void connect(RequestHandler handler) {
    gateway.framework.register(RequestHandler.class, handler, Map.of("app.id", "TEST-V1"));
    gateway.start().awaitConnected();
  }

  private static KuraPayload asked(String id) {
    return Calls.payload(GET, new Calls.Correlation(id, "HUB"), TestGateway.TIME);
  }

  private static byte[] request(String id) {
    return KuraCodec.encode(asked(id));
  }

  private List<FakeBroker.Published> published(String end) {
    return broker.published.stream().filter(one -> one.topic().endsWith(end)).toList();
  }

  private Reply reply(String id) {
    await("reply " + id, () -> !published("/TEST-V1/REPLY/" + id).isEmpty());
    return Calls.reply(published("/TEST-V1/REPLY/" + id).get(0).decoded());
  }

  @Test
  void doesOnceWhatIsAskedTwiceAndAnswersTwice() throws Exception {
    AtomicInteger done = new AtomicInteger();
    connect(request -> Reply.ok("{\"n\":" + done.incrementAndGet() + "}"));
    broker.send(TOPIC, request("1"));
    reply("1");
    broker.cut(); // so that the reply may be lost, and is asked for again
    await("new connection", () -> broker.connects.get() == 2);
    gateway.awaitConnected();
    broker.send(TOPIC, request("1"));
    await("second reply", () -> published("/REPLY/1").size() == 2);
    assertThat(published("/REPLY/1").get(1).payload())
        .isEqualTo(published("/REPLY/1").get(0).payload());
    assertThat(done).hasValue(1);
    broker.send("$EDC/acme/gw-1/TEST-V1/GET/other", request("1"));
    await("another request", () -> done.get() == 2);
  }

  @Test
  void answersWhatWasAskedBeforeTheConnectionBroke() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch broken = new CountDownLatch(1);
    connect(
        request -> {
          asked.countDown();
          try {
            return broken.await(20, TimeUnit.SECONDS) ? Reply.ok("late") : Reply.error(500, "");
          } catch (InterruptedException e) {
            return Reply.error(500, "interrupted");
          }
        });
    broker.send(TOPIC, request("1"));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    broker.close();
    await("the end of the connection", () -> !gateway.uplink().status().connected());
    broken.countDown();
    broker.start();
    assertThat(new String(reply("1").body(), UTF_8)).isEqualTo("late");
    assertThat(published("/REPLY/1").get(0).qos()).isEqualTo(1);
  }

  @Test
  void answersEveryWrongRequestWithItsCode() throws Exception {
    connect(
        request -> {
          if (request.method() == Method.PUT) {
            throw new IllegalArgumentException("offset [-1] must be from 0");
          }
          if (request.method() == Method.EXEC) {
            throw new IllegalStateException("out of order");
          }
          return request.method() == Method.POST ? nothing() : Reply.error(404, "no [x] here");
        });
    broker.send("$EDC/acme/gw-1/TEST-V1/PUT/x", request("1"));
    broker.send("$EDC/acme/gw-1/TEST-V1/EXEC/x", request("2"));
    broker.send("$EDC/acme/gw-1/TEST-V1/PATCH/x", request("3"));
    broker.send("$EDC/acme/gw-1/TEST-V1", request("4"));
    broker.send("$EDC/acme/gw-1/TEST-V1/GET/x", request("5"));
    broker.send("$EDC/acme/gw-1/CONF-V1/GET/x", request("6"));
    broker.send("$EDC/acme/gw-1/TEST-V1/POST/x", request("7"));
    assertThat(reply("1"))
        .usingRecursiveComparison()
        .isEqualTo(error(400, "offset [-1] must be" + " from 0"));
    assertThat(reply("2").code()).isEqualTo(500);
    assertThat(reply("2").message())
        .isEqualTo("TEST-V1 met [java.lang.IllegalStateException: out of order]");
    assertThat(reply("3").code()).isEqualTo(400);
    assertThat(reply("3").message())
        .startsWith("topic [$EDC/acme/gw-1/TEST-V1/PATCH/x] must name GET, PUT, POST, DEL or EXEC");
    assertThat(reply("4").code()).isEqualTo(400);
    assertThat(reply("5")).usingRecursiveComparison().isEqualTo(error(404, "no [x] here"));
    await("reply 6", () -> published("/CONF-V1/REPLY/6").size() == 1);
    assertThat(Calls.reply(published("/REPLY/6").get(0).decoded()))
        .usingRecursiveComparison()
        .isEqualTo(error(404, "application [CONF-V1] is not here"));
    assertThat(reply("7").code()).isEqualTo(500);
    assertThat(broker.published)
        .noneMatch(one -> one.decoded().metric("response.exception.stack").isPresent());
  }

  @Test
  void saysThatAReplyIsLargerThanTheBrokerMayBeSent() throws Exception {
    gateway.with("largest.message.kib", 2);
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    connect(request -> new Reply(200, "", Map.of(), noise));
    broker.send(TOPIC, request("1"));
    Reply reply = reply("1");
    assertThat(reply.code()).isEqualTo(500);
    assertThat(reply.message()).contains("is larger than the [2048]", "largest.message.kib");
    assertThat(broker.connects).hasValue(1);
  }

  @Test
  void tellsWhereItWentWrongWhereThatIsAsked() throws Exception {
    gateway.with("reply.stack", true);
    connect(
        request -> {
          throw new IllegalStateException("out of order");
        });
    broker.send(TOPIC, request("1"));
    assertThat(reply("1").code()).isEqualTo(500);
    assertThat(published("/REPLY/1").get(0).decoded().text("response.exception.stack").orElse(""))
        .startsWith("java.lang.IllegalStateException: out of order")
        .contains("DownlinkTest");
  }

  /** What a handler that breaks its contract may do. */
  @SuppressWarnings("NullAway")
  private static Reply nothing() {
    return null;
  }

  private static Reply error(int code, String message) {
    return Reply.error(code, message);
  }

  @Test
  void doesNothingForThoseWhoCannotBeAnswered() throws Exception {
    AtomicInteger done = new AtomicInteger();
    connect(
        request -> {
          done.incrementAndGet();
          return Reply.ok();
        });
    KuraPayload nobody = KuraPayload.of(TestGateway.TIME, Map.of());
    broker.send(TOPIC, KuraCodec.encode(nobody));
    broker.send(TOPIC, new byte[] {1, 2, 3});
    broker.send(
        TOPIC,
        KuraCodec.encode(
            Calls.payload(GET, new Calls.Correlation("1", "a/+/b"), TestGateway.TIME)));
    broker.send(TOPIC, request("2"));
    assertThat(reply("2").code()).isEqualTo(200);
    assertThat(done).hasValue(1);
  }

  @Test
  void answersInTheEncodingOfTheRequest() throws Exception {
    connect(request -> new Reply(200, "", Map.of("size", Value.of(7L)), "{}".getBytes(UTF_8)));
    broker.send(TOPIC, JSON.encode(asked("1")));
    broker.send(TOPIC, request("2"));
    assertThat(reply("1").metrics()).isEqualTo(Map.of("size", Value.of(7L)));
    assertThat(new String(published("/REPLY/1").get(0).payload(), UTF_8))
        .startsWith("{\"sentOn\":");
    assertThat(reply("2").metrics()).isEqualTo(Map.of("size", Value.of(7L)));
    assertThat(KuraCodec.decodeWithEncoding(published("/REPLY/2").get(0).payload()).encoding())
        .isEqualTo(PayloadEncoding.KURA_PROTOBUF);
  }

  private static byte[] golden(String file) throws IOException {
    String text = Files.readString(Path.of("../protocol/src/test/resources/golden", file));
    if (file.endsWith(".json")) {
      return text.strip().getBytes(UTF_8);
    }
    String digits = text.replaceAll("#.*", "").replaceAll("\\s", "");
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void readsTheGoldenRequestsAndAnswersOnlyThoseThatCanBeAnswered() throws Exception {
    List<Request> asked = new CopyOnWriteArrayList<>();
    connect(
        request -> {
          asked.add(request);
          return Reply.ok(request.resource());
        });
    broker.send("$EDC/acme/gw-1/TEST-V1/GET/nobody", golden("request-without-requester.hex"));
    broker.send("$EDC/acme/gw-1/TEST-V1/GET/protobuf", golden("request.hex"));
    broker.send("$EDC/acme/gw-1/TEST-V1/GET/json", golden("request.json"));
    await("replies", () -> published("$EDC/acme/HUB/TEST-V1/REPLY/42").size() == 2);
    assertThat(asked).extracting(Request::resource).containsExactly("protobuf", "json");
    assertThat(asked)
        .allMatch(
            one ->
                one.metrics().equals(Map.of("length", Value.of(65536L), "offset", Value.of(0L)))
                    && new String(one.body(), UTF_8).equals("ask"));
  }

  /** A handler whose work goes on after its reply. */
  private static final class FakeLongWork implements RequestHandler {
    private final CompletableFuture<Notifier> notifier = new CompletableFuture<>();

    @Override
    public Reply handle(Request request) {
      return Reply.error(500, "nobody would hear how it goes on");
    }

    @Override
    public Reply handle(Request request, Notifier requester) {
      notifier.complete(requester);
      requester.send(Notification.inProgress("work", 0, "begins"));
      return Reply.ok();
    }
  }

  @Test
  void tellsHowItGoesOnAlsoAfterACut() throws Exception {
    FakeLongWork work = new FakeLongWork();
    connect(work);
    broker.send(TOPIC, request("42"));
    assertThat(reply("42").code()).isEqualTo(200);
    work.notifier.get(20, TimeUnit.SECONDS).send(Notification.inProgress("work", 50, "half"));
    String topic = "$EDC/acme/HUB/TEST-V1/NOTIFY/gw-1/work";
    await("notifications", () -> published(topic).size() == 2);
    broker.close();
    await("the end of the connection", () -> !gateway.uplink().status().connected());
    work.notifier.get().send(Notification.completed("work", "done"));
    broker.start();
    await("the last one", () -> published(topic).size() == 3);
    List<Notices.Progress> told =
        published(topic).stream()
            .map(
                one -> {
                  assertThat(one.qos()).isEqualTo(1);
                  return progress(one);
                })
            .toList();
    assertThat(told)
        .containsExactly(
            new Notices.Progress("42", Notification.inProgress("work", 0, "begins")),
            new Notices.Progress("42", Notification.inProgress("work", 50, "half")),
            new Notices.Progress("42", Notification.completed("work", "done")));
  }

  private static Notices.Progress progress(FakeBroker.Published one) {
    try {
      KuraTopic topic = KuraTopic.parse(one.topic()).orElseThrow();
      return Notices.progress((KuraTopic.Notice) topic, one.decoded());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
