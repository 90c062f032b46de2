package io.selvedge.protocol.kura;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.device.Value.Reason;
import io.selvedge.api.uplink.Message;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Request.Method;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");

  private static final Map<String, Value> VALUES =
      Map.of(
          "temperature", Value.of(23.7),
          "pulses", Value.of(12L),
          "fan", Value.of(true),
          "state", Value.of("idle"),
          "co2", Value.missing(Reason.NO_ANSWER, "timeout after [200] ms"));

  @Test
  void carriesEveryValueAndWhyOneIsMissing() throws Exception {
    Map<String, Metric> metrics = Metrics.of(VALUES);
    assertThat(metrics)
        .containsEntry("missing.co2", Metric.of("NO_ANSWER: timeout after [200] ms"))
        .containsEntry("pulses", Metric.of(12L))
        .doesNotContainKey("co2");
    assertThat(metrics.keySet())
        .containsExactly("missing.co2", "fan", "pulses", "state", "temperature");
    byte[] bytes = KuraCodec.encode(KuraPayload.of(TIME, metrics));
    assertThat(Metrics.values(KuraCodec.decode(bytes).metrics())).isEqualTo(VALUES);
  }

  @Test
  void takesWhatOtherEndsMaySend() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("f", new Metric.Float32(1.5f));
    metrics.put("i", Metric.of(3));
    metrics.put("nan", Metric.of(Double.NaN));
    metrics.put("bytes", new Metric.Bytes(new byte[] {1}));
    metrics.put("missing.a", Metric.of("TIRED: of it all"));
    metrics.put("missing.b", Metric.of("NOT_READY:"));
    assertThat(Metrics.values(metrics))
        .isEqualTo(
            Map.of(
                "f", Value.of(1.5),
                "i", Value.of(3L),
                "nan", Value.missing(Reason.OUT_OF_RANGE, "NaN"),
                "a", Value.missing(Reason.ABSENT, "TIRED: of it all"),
                "b", Value.missing(Reason.NOT_READY, "")));
  }

  @Test
  void carriesARequestAndItsReply() {
    Request request =
        new Request(Method.GET, "ab12", Map.of("offset", Value.of(65536L)), new byte[] {7});
    Calls.Correlation correlation = new Calls.Correlation("42", "HUB");
    KuraPayload asked = Calls.payload(request, correlation, TIME);
    KuraTopic.Call topic = new KuraTopic.Call("a", "g", "ARTIFACT-V1", Method.GET, "ab12");
    assertThat(Calls.correlation(asked)).contains(correlation);
    assertThat(Calls.request(topic, asked)).usingRecursiveComparison().isEqualTo(request);

    Reply reply = Reply.error(404, "artifact [ab12] is not here");
    assertThat(Calls.reply(Calls.payload(reply, TIME))).usingRecursiveComparison().isEqualTo(reply);
    assertThat(Calls.reply(KuraPayload.of(TIME, Map.of())).code()).isEqualTo(500);
  }

  @Test
  void hasNoOneToReplyToWithoutBothMetrics() {
    KuraPayload half = KuraPayload.of(TIME, Map.of(Calls.REQUEST_ID, Metric.of("42")));
    assertThat(Calls.correlation(half)).isEmpty();
  }

  @Test
  void carriesAMessageWithItsIdentity() throws Exception {
    Message message = Message.of("DATA-V1", "office", TIME, VALUES).withSource("flow/office");
    byte[] plain = KuraCodec.encodePlain(Records.payload(message));
    byte[] sent =
        PayloadFormat.DEFAULT.encodeStored(KuraCodec.append(plain, Records.identity("f00d", 9)));
    Records.Delivered delivered =
        Records.delivered(
            new KuraTopic.Data("a", "gw-1", "DATA-V1", "office"), KuraCodec.decode(sent));
    assertThat(delivered.gateway()).isEqualTo("gw-1");
    assertThat(delivered.outboxId()).isEqualTo("f00d");
    assertThat(delivered.recordId()).isEqualTo(9);
    assertThat(delivered.message()).usingRecursiveComparison().isEqualTo(message);
  }
}
