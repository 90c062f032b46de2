package io.selvedge.protocol.kura;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short ways to the bytes of a stored message give the bytes of the long ones. */
class StoredBytesTest {

  private static final Instant TIME = Instant.parse("2026-11-28T12:00:00.123456Z");

  static Stream<Message> messages() {
    Map<String, Value> all =
        Map.of(
            "temperature", Value.of(23.7),
            "pulses", Value.of(-12L),
            "command.exit.code", Value.of(3L),
            "fan", Value.of(true),
            "state", Value.of("müßig \u20ac \ud83d\ude00"),
            "co2", Value.missing(Value.Reason.NO_ANSWER, "timeout"),
            "unit.temperature", Value.of("Cel"));
    Message row = Message.of("DATA-V1", "office", TIME, all);
    return Stream.of(
        row,
        row.withSource("flow/office"),
        Message.of("DATA-V1", "office", TIME, Map.of()),
        Message.of("DATA-V1", "office", Instant.EPOCH, Map.of("c0", Value.of(1L)))
            .withSource("flow/x"),
        Message.of(
            "DATA-V1", "office", TIME, Map.of("missing.x", Value.of("A: b"), "y", Value.of(1L))),
        Message.of(
                "DATA-V1",
                "office",
                TIME,
                Map.of(Records.SOURCE, Value.of("someone"), "y", Value.of(1L)))
            .withSource("flow/office"),
        new Message("D", "r", TIME, all, new byte[300], 0, Duration.ZERO, "flow/office", 0));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageIsWrittenAsItsPayloadIs(Message message) {
    byte[] expected = KuraCodec.encodePlain(Records.payload(message));

    assertThat(Records.encodePlain(message, 0)).isEqualTo(expected);
    byte[] behind = Records.encodePlain(message, 11);
    assertThat(Arrays.copyOf(behind, 11)).containsOnly(0);
    assertThat(Arrays.copyOfRange(behind, 11, behind.length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, 1L << 40, Long.MAX_VALUE, -1})
  void theIdentityIsThatWhichIsAppended(long record) {
    byte[] stored = Records.encodePlain(messages().findFirst().orElseThrow(), 5);
    byte[] plain = Arrays.copyOfRange(stored, 5, stored.length);
    Identity identity = new Identity("7c2f-box");

    assertThat(identity.append(stored, 5, record))
        .isEqualTo(KuraCodec.append(plain, Records.identity("7c2f-box", record)));
  }

  @Test
  void aSummaryBeginsWhereItIsTold() throws Exception {
    for (Message message : List.of(messages().toList().get(1), messages().toList().get(5))) {
      byte[] stored = Records.encodePlain(message, 9);
      byte[] plain = Arrays.copyOfRange(stored, 9, stored.length);

      assertThat(Summary.of("DATA-V1", stored, 9)).isEqualTo(Summary.of("DATA-V1", plain));
      assertThat(Summary.of("DATA-V1", stored, 9).source()).isEqualTo("flow/office");
    }
  }
}
