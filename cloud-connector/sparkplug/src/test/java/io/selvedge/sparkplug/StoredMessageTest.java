package io.selvedge.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.sparkplug.StoredMessage.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredMessageTest {

  private static final Instant TIME = Instant.parse("2015-02-02T14:19:00Z");
  private static final Stamp STAMP = new Stamp(-7, 3);

  @Test
  void comesOutAsItWentIn() {
    Map<String, Value> metrics =
        Map.of(
            "temperature",
            Value.of(23.5),
            "pulses",
            Value.of(7L),
            "valve",
            Value.of(true),
            "mode",
            Value.of("aus"),
            "pressure",
            Value.missing(Value.Reason.NO_ANSWER, "nothing came"));

    StoredMessage stored = stored(Message.of("DATA-V1", "boiler", TIME, metrics));
    assertThat(stored.accepted()).isEqualTo(STAMP);
    assertThat(stored.device()).contains("boiler");
    assertThat(stored.time()).isEqualTo(TIME);
    assertThat(stored.values()).isEqualTo(metrics);
  }

  @Test
  void refusesABodyThatIsNoText() {
    Message message = Message.of("TWIN-V1", "x", TIME, new byte[] {(byte) 0xff, 0x00}, 5);

    assertThatThrownBy(() -> StoredMessage.bytes(message, STAMP, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "body of [TWIN-V1/x] must be text in UTF-8; Sparkplug carries it as a metric of type"
                + " String");
  }

  @Test
  void versionOneDidNotSayWhenItWasAccepted() {
    byte[] now = StoredMessage.bytes(Message.of("A", "b", TIME, new byte[0], 5), STAMP, 1234);
    ByteBuffer old = ByteBuffer.allocate(now.length - Long.BYTES).put((byte) 1);
    old.put(now, 1, 2 * Long.BYTES);
    old.put(now, 1 + 3 * Long.BYTES, now.length - 1 - 3 * Long.BYTES);

    assertThat(StoredMessage.parse(now).orElseThrow().acceptedAt()).isEqualTo(1234);
    StoredMessage read = StoredMessage.parse(old.array()).orElseThrow();
    assertThat(read.acceptedAt()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.app() + '/' + read.resource()).isEqualTo("A/b");
    assertThat(read.accepted()).isEqualTo(STAMP);
    assertThat(read.time()).isEqualTo(TIME);
  }

  @Test
  void bytesOfAnotherVersionOrCutOffAreNone() {
    byte[] bytes =
        StoredMessage.bytes(
            Message.of("A", "b", TIME, "text".getBytes(StandardCharsets.UTF_8), 5), STAMP, 1);

    assertThat(StoredMessage.parse(new byte[0])).isEmpty();
    assertThat(StoredMessage.parse(Arrays.copyOf(bytes, 10))).isEmpty();
    assertThat(StoredMessage.parse(Arrays.copyOf(bytes, bytes.length - 2))).isEmpty();
    bytes[0] = 3;
    assertThat(StoredMessage.parse(bytes)).isEmpty();
  }

  @Test
  void sessionsOfOtherRunsAreNotThisOne() {
    Sessions sessions = new Sessions(1);
    Stamp before = sessions.stamp();
    sessions.begin();
    Stamp first = sessions.stamp();
    assertThat(sessions.isCurrent(before)).isFalse();
    assertThat(sessions.isCurrent(first)).isTrue();
    assertThat(sessions.isCurrent(new Stamp(2, first.session()))).isFalse();

    sessions.end();
    assertThat(sessions.isCurrent(first)).isFalse();
    assertThat(sessions.isCurrent(sessions.stamp())).isFalse();
    sessions.begin();
    assertThat(sessions.isCurrent(first)).isFalse();
    assertThat(sessions.isCurrent(sessions.stamp())).isTrue();
  }

  private static StoredMessage stored(Message message) {
    return StoredMessage.parse(StoredMessage.bytes(message, STAMP, 1)).orElseThrow();
  }
}
