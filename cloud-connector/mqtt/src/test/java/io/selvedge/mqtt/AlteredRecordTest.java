package io.selvedge.mqtt;

import static io.selvedge.mqtt.TestGateway.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Message;
import io.selvedge.outbox.OutboxOptions;
import io.selvedge.outbox.SegmentOutbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of which the content was altered: a dead letter that is sent again has no check sum. */
class AlteredRecordTest {

  private static final int ALTERED = 80;

  @TempDir Path directory = Path.of("."); // set before each test

  private static byte[] whole() {
    Message message =
        Message.of(
            "DATA-V1", "office", TestGateway.TIME, Map.of("t", Value.of(21.0), "n", Value.of(7L)));
    return StoredMessage.bytes(message, TestGateway.TIME.toEpochMilli());
  }

  private void append(byte[]... records) {
    try (SegmentOutbox outbox =
        SegmentOutbox.open(directory.resolve("data/outbox"), OutboxOptions.defaults())) {
      for (byte[] record : records) {
        outbox.append("", 5, Duration.ZERO, record).toCompletableFuture().join();
      }
    }
  }

  private MosquittoBroker broker() throws Exception {
    assumeTrue(
        MosquittoBroker.program().isPresent(),
        "mosquitto is not installed (Debian: apt-get install mosquitto); not tested with it");
    return new MosquittoBroker(
        Files.createDirectories(directory.resolve("broker")),
        MosquittoBroker.program().orElseThrow(),
        "tcp",
        "allow_anonymous true");
  }

  @Test
  void setsAsideWhatCouldNotBeSettled() throws Exception {
    byte[] withoutSlash = whole();
    String text = new String(withoutSlash, StandardCharsets.ISO_8859_1);
    withoutSlash[text.indexOf("DATA-V1/") + 7] ^= 1;
    append(withoutSlash, whole());
    MosquittoBroker broker = broker();
    broker.start();
    try (TestGateway gateway = new TestGateway(directory, broker.uri())) {
      gateway.start().awaitConnected();
      await("delivery", () -> gateway.uplink().status().pending() == 0);
      assertThat(gateway.uplink().status().delivered()).isEqualTo(1);
      assertThat(gateway.uplink().status().dropped()).isEqualTo(Map.of("refused", 1L));
    } finally {
      broker.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kura-protobuf", "simple-json"})
  void getsOverWhateverIsInARecord(String encoding) throws Exception {
    Random random = new Random(17);
    byte[][] records = new byte[ALTERED][];
    int path = new String(whole(), StandardCharsets.ISO_8859_1).indexOf("DATA-V1/");
    int content = path + "DATA-V1/office".length();
    for (int i = 0; i < ALTERED; i++) {
      records[i] = whole();
      int at = i % 2 == 0 ? random.nextInt(path) : content;
      int to = i % 2 == 0 ? path : records[i].length;
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        records[i][at + random.nextInt(to - at)] ^= (byte) (1 << random.nextInt(8));
      }
    }
    append(records);
    append(whole());
    MosquittoBroker broker = broker();
    broker.start();
    try (TestGateway gateway =
        new TestGateway(directory, broker.uri()).with("payload.encoding", encoding)) {
      gateway.start().awaitConnected();
      await("delivery", Duration.ofMinutes(2), () -> gateway.uplink().status().pending() == 0);
      assertThat(gateway.uplink().status().accepted()).isEqualTo(ALTERED + 1);
      assertThat(gateway.uplink().status().delivered()).isPositive();
    } finally {
      broker.stop();
    }
  }
}
