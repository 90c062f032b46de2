package io.selvedge.hub.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.hub.store.Arrival;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.Metric;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecoderTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String TOPIC = "selvedge/gw-1/DATA-V1/hall";

  private final Decoder decoder = new Decoder("selvedge");

  private Arrival decode(String topic, Map<String, Metric> metrics) {
    return decoder.decode(topic, KuraCodec.encode(KuraPayload.of(NOW, metrics)), NOW);
  }

  private static String code(Arrival arrival) {
    assertThat(arrival).isInstanceOf(Arrival.Dead.class);
    assertThat(((Arrival.Dead) arrival).reason()).isNotBlank();
    return ((Arrival.Dead) arrival).code();
  }

  @Test
  void aTopicThatIsNoneOfOursIsSetAside() {
    for (String topic :
        new String[] {
          "", "x", "other/gw-1/DATA-V1/hall", "selvedge/gw-1/DATA-V1", "$EDC/selvedge/a/B/GET"
        }) {
      assertThat(code(decode(topic, Map.of()))).isEqualTo("topic.unknown");
    }
  }

  @Test
  void whatTheStoreCannotHoldIsSetAside() {
    Metric one = Metric.of(1.0);
    assertThat(code(decode("selvedge/" + "g".repeat(65) + "/DATA-V1/hall", Map.of("t", one))))
        .isEqualTo("payload.too_large");
    assertThat(code(decode("selvedge/gw-1/DATA-V1/" + "d".repeat(129), Map.of("t", one))))
        .isEqualTo("payload.too_large");
    assertThat(code(decode(TOPIC, Map.of("c".repeat(129), one)))).isEqualTo("payload.too_large");
    assertThat(code(decode(TOPIC, Map.of("t", Metric.of("x".repeat(70_000))))))
        .isEqualTo("payload.too_large");
    Map<String, Metric> many = new LinkedHashMap<>();
    for (int i = 0; i < 1001; i++) {
      many.put("c" + i, one);
    }
    assertThat(code(decode(TOPIC, many))).isEqualTo("payload.too_large");
    assertThat(code(decode(TOPIC, Map.of("a\0b", one)))).isEqualTo("payload.malformed");
    assertThat(code(decode(TOPIC, Map.of("outbox.id", Metric.of("box")))))
        .isEqualTo("payload.incomplete");
    byte[] early = KuraCodec.encode(KuraPayload.of(Instant.ofEpochMilli(-1), Map.of("t", one)));
    assertThat(code(decoder.decode(TOPIC, early, NOW))).isEqualTo("payload.out_of_range");
    byte[] late =
        KuraCodec.encode(KuraPayload.of(Instant.ofEpochMilli(Long.MAX_VALUE), Map.of("t", one)));
    assertThat(code(decoder.decode(TOPIC, late, NOW))).isEqualTo("payload.out_of_range");
  }

  @Test
  void aRowWithoutATimeGetsThatOfItsArrival() {
    KuraPayload payload =
        new KuraPayload(
            Optional.empty(), Optional.empty(), Map.of("t", Metric.of(1.0)), new byte[0]);
    Arrival arrival = decoder.decode(TOPIC, KuraCodec.encode(payload), NOW);
    assertThat(((Arrival.Data) arrival).delivered().message().time()).isEqualTo(NOW);
  }

  @Test
  void whateverTheBytesAreNothingIsThrown() {
    Random random = new Random(1);
    byte[] good = KuraCodec.encode(KuraPayload.of(NOW, Map.of("t", Metric.of(1.0))));
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = good.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      assertThat(decoder.decode(TOPIC, bytes, NOW)).isNotNull();
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThat(decoder.decode(TOPIC, noise, NOW)).isNotNull();
    }
  }
}
