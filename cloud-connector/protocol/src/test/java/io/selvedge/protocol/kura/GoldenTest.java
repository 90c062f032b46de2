package io.selvedge.protocol.kura;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import io.selvedge.protocol.kura.Calls.Correlation;
import io.selvedge.protocol.kura.KuraTopic.Call;
import io.selvedge.protocol.kura.Notices.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes made from the format's description are read, and written, as they are. */
class GoldenTest {

  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");
  private static final PayloadFormat JSON = new PayloadFormat(PayloadEncoding.SIMPLE_JSON, true);
  private static final Position POSITION =
      new Position(
          48.0,
          11.0,
          OptionalDouble.of(520.0),
          OptionalDouble.of(2.5),
          OptionalDouble.of(271.0),
          OptionalDouble.of(0.5),
          Optional.of(TIME),
          OptionalInt.of(5),
          OptionalInt.of(3));

  private static KuraPayload everyType() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("d", Metric.of(23.6875));
    metrics.put("f", new Metric.Float32(1.5f));
    metrics.put("l", Metric.of(-1L));
    metrics.put("i", Metric.of(300));
    metrics.put("n", Metric.of(-2));
    metrics.put("b", Metric.of(true));
    metrics.put("t", Metric.of("ü"));
    metrics.put("x", new Metric.Bytes(new byte[] {0, (byte) 0xff}));
    return KuraPayload.of(TIME, metrics);
  }

  private static void bothWays(String name, KuraPayload payload) throws Exception {
    assertThat(KuraCodec.decode(Golden.hex(name))).isEqualTo(payload);
    assertThat(KuraCodec.encodePlain(payload)).isEqualTo(Golden.hex(name));
  }

  @Test
  void telemetryOfEveryType() throws Exception {
    bothWays("telemetry-every-type", everyType());
  }

  @Test
  void telemetryOutOfAnOutbox() throws Exception {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("co2", Value.of(721.25));
    values.put("count", Value.of(9007199254740993L));
    values.put("humidity", Value.missing(Value.Reason.NO_ANSWER, "timeout"));
    values.put("occupancy", Value.of(true));
    values.put("unit.co2", Value.of("[ppm]"));
    Message message =
        new Message(
            "DATA-V1", "office", TIME, values, new byte[0], 5, Duration.ZERO, "flow/office");
    byte[] stored = KuraCodec.encodePlain(Records.payload(message));
    byte[] sent = KuraCodec.append(stored, Records.identity("f00d", 9));
    Records.Delivered read =
        Records.delivered(
            new KuraTopic.Data("a", "gw-1", "DATA-V1", "office"),
            KuraCodec.decode(Golden.hex("telemetry-record")));
    assertThat(read.message().metrics()).isEqualTo(values);
    assertThat(read.message().source()).isEqualTo("flow/office");
    assertThat(read.outboxId()).isEqualTo("f00d");
    assertThat(read.recordId()).isEqualTo(9);
    assertThat(sent).isEqualTo(Golden.hex("telemetry-record"));
  }

  @Test
  void aPosition() throws Exception {
    bothWays(
        "telemetry-position",
        new KuraPayload(
            Optional.of(TIME), Optional.of(POSITION), Map.of("d", Metric.of(1.0)), new byte[0]));
  }

  @Test
  void aBody() throws Exception {
    bothWays("telemetry-body", KuraPayload.of(TIME, Map.of(), "{\"a\":1}".getBytes(UTF_8)));
  }

  @Test
  void compressed() throws Exception {
    KuraPayload read = KuraCodec.decode(Golden.hex("telemetry-gzip"));
    bothWays("telemetry-gzip-plain", read);
    assertThat(KuraCodec.decode(PayloadFormat.DEFAULT.encode(read))).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"birth", "apps", "dc", "lwt"})
  void whatTellsOfAConnection(String name) throws Exception {
    KuraPayload payload = KuraCodec.decode(Golden.hex(name));
    assertThat(payload.text("display_name")).contains("gw-1");
    bothWays(name, payload);
  }

  @Test
  void aBirthHasItsPositionAndAppsDiffersInTheApplications() throws Exception {
    KuraPayload birth = KuraCodec.decode(Golden.hex("birth"));
    assertThat(birth.position().map(Position::latitude)).contains(48.0);
    assertThat(birth.text("application_ids")).contains("TWIN-V1");
    assertThat(birth.metrics()).hasSize(30);
    KuraPayload apps = KuraCodec.decode(Golden.hex("apps"));
    assertThat(apps.metrics().keySet()).isEqualTo(birth.metrics().keySet());
    assertThat(apps.text("application_ids")).contains("INVENTORY-V1,TWIN-V1");
  }

  private static Request request() {
    Map<String, Value> arguments = Map.of("offset", Value.of(0L), "length", Value.of(65536L));
    return new Request(Method.GET, "ab12", arguments, "ask".getBytes(UTF_8));
  }

  private static void isTheRequest(KuraPayload payload) {
    assertThat(Calls.correlation(payload)).contains(new Correlation("42", "HUB"));
    Request read = Calls.request(new Call("a", "gw-1", "ARTIFACT-V1", Method.GET, "ab12"), payload);
    assertThat(read.metrics()).isEqualTo(request().metrics());
    assertThat(read.body()).isEqualTo(request().body());
  }

  @Test
  void aRequest() throws Exception {
    bothWays("request", Calls.payload(request(), new Correlation("42", "HUB"), TIME));
    isTheRequest(KuraCodec.decode(Golden.hex("request")));
    isTheRequest(KuraCodec.decode(Golden.json("request")));
    assertThat(Calls.correlation(KuraCodec.decode(Golden.hex("request-without-requester"))))
        .isEmpty();
  }

  @Test
  void repliesOfEveryCode() throws Exception {
    Map<String, Value> size = Map.of("size", Value.of(812L));
    bothWays("reply-200", Calls.payload(new Reply(200, "", size, "{}".getBytes(UTF_8)), TIME));
    bothWays("reply-400", Calls.payload(Reply.error(400, "method [FETCH] must be GET"), TIME));
    bothWays(
        "reply-404", Calls.payload(Reply.error(404, "application [CONF-V1] is not here"), TIME));
    String stack = "java.lang.IllegalStateException: out of order\n\tat a.B.c(B.java:1)\n";
    bothWays(
        "reply-500", Calls.payload(Reply.error(500, "out of order"), Optional.of(stack), TIME));
    Reply read = Calls.reply(KuraCodec.decode(Golden.hex("reply-500")));
    assertThat(read.code()).isEqualTo(500);
    assertThat(read.message()).isEqualTo("out of order");
    assertThat(read.metrics()).isEmpty();
    assertThat(Calls.reply(KuraCodec.decode(Golden.json("reply-404"))).message())
        .isEqualTo("application [CONF-V1] is not here");
  }

  @Test
  void aNotification() throws Exception {
    KuraTopic.Notice topic = new KuraTopic.Notice("a", "HUB", "TWIN-V1", "gw-1", "deployment");
    Progress under = new Progress("42", Notification.inProgress("deployment", 30, "block 3 of 10"));
    bothWays("notify", Notices.payload(under, TIME));
    assertThat(Notices.progress(topic, KuraCodec.decode(Golden.hex("notify")))).isEqualTo(under);
    assertThat(Notices.progress(topic, KuraCodec.decode(Golden.json("notify")))).isEqualTo(under);
    Progress failed =
        new Progress("a1-7", Notification.failed("deployment", 30, "deployment.bad_signature"));
    bothWays("notify-text-id", Notices.payload(failed, TIME));
    assertThat(Notices.progress(topic, KuraCodec.decode(Golden.hex("notify-text-id"))))
        .isEqualTo(failed);
    assertThatThrownBy(() -> Notices.progress(topic, KuraCodec.decode(Golden.hex("dc"))))
        .hasMessage("metric [operation.id] is missing; add it");
  }

  @Test
  void unknownFieldsAndExtensionsAreSkipped() throws Exception {
    KuraPayload payload = KuraCodec.decode(Golden.hex("unknown-fields"));
    assertThat(payload)
        .isEqualTo(
            new KuraPayload(
                Optional.of(TIME),
                Optional.of(Position.of(48, 11)),
                Map.of("i", Metric.of(7), "j", Metric.of(8)),
                new byte[0]));
  }

  @Test
  void requiredFieldsThatAreMissing() throws Exception {
    assertThatThrownBy(() -> KuraCodec.decode(Golden.hex("metric-without-name")))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("has no name; it must have one");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.hex("metric-without-type")))
        .hasMessage("metric [i] has no type; it must have one, 0 to 6");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.hex("metric-of-unknown-type")))
        .hasMessage("metric [i] has the type [9]; it must be 0 to 6");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.hex("cut-off")))
        .hasMessageStartingWith("payload of [17] bytes is damaged at byte [");
    KuraPayload lost = KuraCodec.decode(Golden.hex("position-without-longitude"));
    assertThat(lost.position()).isEmpty();
    assertThat(lost.whole("i")).contains(1L);
    assertThat(KuraCodec.decode(Golden.hex("metric-without-value")).whole("i")).contains(0L);
    assertThat(KuraCodec.decode(Golden.hex("metric-twice")).whole("i")).contains(2L);
  }

  @Test
  void simpleJson() throws Exception {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("d", Metric.of(23.6875));
    metrics.put("l", Metric.of(-1L));
    metrics.put("b", Metric.of(true));
    metrics.put("t", Metric.of("ü"));
    KuraPayload payload =
        new KuraPayload(Optional.of(TIME), Optional.of(POSITION), metrics, "{}\n".getBytes(UTF_8));
    KuraCodec.Decoded read = KuraCodec.decodeWithEncoding(Golden.json("telemetry"));
    assertThat(read.payload()).isEqualTo(payload);
    assertThat(read.encoding()).isEqualTo(PayloadEncoding.SIMPLE_JSON);
    assertThat(JSON.encode(payload)).isEqualTo(Golden.json("telemetry"));
    assertThat(JSON.encodeStored(KuraCodec.encodePlain(payload)))
        .isEqualTo(Golden.json("telemetry"));
  }

  @Test
  void simpleJsonOfOtherWriters() throws Exception {
    KuraPayload kura = KuraCodec.decode(Golden.json("kura-writes-whole-numbers-without-point"));
    assertThat(kura.metrics()).isEqualTo(Map.of("d", Metric.of(21L), "x", Metric.of("AP8=")));
    KuraPayload capitals = KuraCodec.decode(Golden.json("names-in-capitals-and-unknown"));
    assertThat(capitals)
        .isEqualTo(
            new KuraPayload(
                Optional.of(TIME),
                Optional.of(Position.of(48, 11)),
                Map.of("i", Metric.of(7L)),
                new byte[0]));
    assertThat(KuraCodec.decode(Golden.json("position-without-longitude")).position()).isEmpty();
    KuraPayload foreign = KuraCodec.decode(Golden.json("foreign"));
    assertThat(foreign.metrics()).isEmpty();
    assertThat(foreign.body()).isEqualTo(Golden.json("foreign"));
    assertThat(KuraCodec.decode(Golden.json("empty")).body()).isEmpty();
  }

  @Test
  void simpleJsonThatIsWrongIsRefusedWithTheRule() {
    assertThatThrownBy(() -> KuraCodec.decode(Golden.json("wrong-metric")))
        .isInstanceOf(PayloadException.class)
        .hasMessage("metric i [[1,2]] must be a number, true, false, or a text in quotes");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.json("wrong-body")))
        .hasMessageStartingWith("body [not base64!] must be Base64: ");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.json("wrong-time")))
        .hasMessage("sentOn [yesterday] must be a whole number of milliseconds since 1970");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.json("twice")))
        .hasMessageContaining("begins as JSON, but is none: Duplicate field 'i'");
    assertThatThrownBy(() -> KuraCodec.decode(Golden.json("cut-off")))
        .hasMessageStartingWith("payload of [39] bytes begins as JSON, but is none: ");
  }
}
