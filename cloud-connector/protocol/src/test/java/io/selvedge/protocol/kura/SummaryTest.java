package io.selvedge.protocol.kura;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private static final Message ROW =
      Message.of(
              "DATA-V1",
              "office",
              NOON,
              Map.of(
                  "temperature", Value.of(20.5),
                  "mode", Value.of("auto"),
                  "door", Value.missing(Value.Reason.NO_ANSWER, "timeout"),
                  "unit.temperature", Value.of("Cel")))
          .withSource("flow/office");

  @Test
  void tellsTimeSenderAndMeasurements() throws Exception {
    byte[] plain = KuraCodec.encodePlain(Records.payload(ROW));
    byte[] sent = KuraCodec.append(plain, Records.identity("box", 7));

    assertThat(Summary.of("DATA-V1", plain)).isEqualTo(new Summary(NOON, "flow/office", 3));
    assertThat(Summary.of("DATA-V1", sent)).isEqualTo(new Summary(NOON, "flow/office", 3));
    assertThat(Summary.of("FLOW-V1", sent)).isEqualTo(new Summary(NOON, "flow/office", 0));
  }

  @Test
  void countsAsTheReceiverDoes() throws Exception {
    byte[] plain = KuraCodec.encodePlain(Records.payload(ROW));
    Message received =
        Records.delivered(
                new KuraTopic.Data("acme", "gw-1", "DATA-V1", "office"), KuraCodec.decode(plain))
            .message();

    assertThat(
            received.metrics().keySet().stream().filter(m -> Records.isMeasurement("DATA-V1", m)))
        .hasSize(Summary.of("DATA-V1", plain).measurements());
  }

  @Test
  void aMessageOfTheGatewayItselfHasNoSender() throws Exception {
    byte[] plain = KuraCodec.encodePlain(Records.payload(ROW.withSource("")));

    assertThat(Summary.of("DATA-V1", plain).source()).isEmpty();
    assertThat(Summary.of("DATA-V1", new byte[0])).isEqualTo(new Summary(Instant.EPOCH, "", 0));
  }

  @Test
  void saysThatBytesAreDamaged() {
    byte[] plain = KuraCodec.encodePlain(Records.payload(ROW));

    assertThatThrownBy(() -> Summary.of("DATA-V1", Arrays.copyOf(plain, plain.length - 3)))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("is damaged");
  }
}
